from django.urls import path

from courses.views import front, learn, progress

app_name = "courses"
urlpatterns = [
    path("", front.front, name="front"),
    path("lessons/", learn.home, name="home"),
    path("courses/<uuid:uuid>/", learn.course, name="course"),
    path("lessons/<uuid:uuid>/", learn.lesson, name="lesson"),
    path("lessons/<uuid:uuid>/<slug:key>/", learn.step, name="step"),
    path("progress/", progress.progress, name="progress"),
]
