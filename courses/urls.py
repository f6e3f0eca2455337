from django.urls import path

from courses.views import classes, front, learn, marks, presenting, progress, together, worksheet

app_name = "courses"
urlpatterns = [
    path("", front.front, name="front"),
    path("lessons/", learn.home, name="home"),
    path("courses/<uuid:uuid>/", learn.course, name="course"),
    path("lessons/<uuid:uuid>/", learn.lesson, name="lesson"),
    path("lessons/<uuid:uuid>/<slug:key>/", learn.step, name="step"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<uuid:uuid>/", classes.class_page, name="class"),
    path("lessons/now/", together.now, name="now"),
    path("lessons/ticket/<uuid:uuid>/", together.ticket, name="ticket"),
    path("classes/<uuid:uuid>/present/", presenting.present, name="present"),
    path("classes/<uuid:uuid>/present/<uuid:shown>/", presenting.projector, name="projector"),
    path("classes/<uuid:uuid>/present/<uuid:shown>/turnout/", presenting.turnout, name="turnout"),
    path("classes/<uuid:uuid>/present/<uuid:shown>/summary/", presenting.summary, name="summary"),
    path("classes/<uuid:uuid>/worksheet/<uuid:lesson>/", worksheet.worksheet, name="worksheet"),
    path("classes/<uuid:uuid>/worksheet/<uuid:lesson>/key/", worksheet.key, name="worksheet-key"),
    path("progress/", progress.progress, name="progress"),
    path("marks/", marks.my_marks, name="my_marks"),
    path("classes/<uuid:uuid>/marks/", marks.gradebook, name="gradebook"),
    path("classes/<uuid:uuid>/marks/csv/", marks.gradebook_csv, name="gradebook_csv"),
    path("classes/<uuid:uuid>/marks/xlsx/", marks.gradebook_xlsx, name="gradebook_xlsx"),
    path("classes/<uuid:uuid>/marks/<uuid:learner>/", marks.marks_of, name="marks_of"),
]
