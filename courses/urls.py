from django.urls import path

from courses.views import classes, front, learn, progress

app_name = "courses"
urlpatterns = [
    path("", front.front, name="front"),
    path("lessons/", learn.home, name="home"),
    path("courses/<uuid:uuid>/", learn.course, name="course"),
    path("lessons/<uuid:uuid>/", learn.lesson, name="lesson"),
    path("lessons/<uuid:uuid>/<slug:key>/", learn.step, name="step"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<uuid:uuid>/", classes.class_page, name="class"),
    path("progress/", progress.progress, name="progress"),
]
