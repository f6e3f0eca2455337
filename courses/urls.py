from django.urls import path

from courses.views import classes, front, learn, marks, progress

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
    path("marks/", marks.my_marks, name="my_marks"),
    path("classes/<uuid:uuid>/marks/", marks.gradebook, name="gradebook"),
    path("classes/<uuid:uuid>/marks/csv/", marks.gradebook_csv, name="gradebook_csv"),
    path("classes/<uuid:uuid>/marks/xlsx/", marks.gradebook_xlsx, name="gradebook_xlsx"),
    path("classes/<uuid:uuid>/marks/<uuid:learner>/", marks.marks_of, name="marks_of"),
]
