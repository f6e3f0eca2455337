from django.urls import path

from quizzes.views import attempt, grading, item, items, live, quiz, regrading

app_name = "quizzes"
urlpatterns = [
    path("quizzes/<uuid:uuid>/", quiz.quiz, name="quiz"),
    path("quizzes/<uuid:uuid>/start/", quiz.start, name="start"),
    path("attempts/<uuid:uuid>/", attempt.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/review/", attempt.review, name="review"),
    path("attempts/<uuid:uuid>/submit/", attempt.submit, name="submit"),
    path("attempts/<uuid:uuid>/<int:position>/", item.item, name="item"),
    path("classes/<uuid:uuid>/items/", items.class_items, name="class_items"),
    path("classes/<uuid:uuid>/items/<uuid:quiz>/", items.quiz_items, name="quiz_items"),
    path(
        "classes/<uuid:uuid>/items/<uuid:quiz>/<uuid:question>/", items.question_items, name="question_items"
    ),
    path("classes/<uuid:uuid>/live/", live.live_page, name="live"),
    path("classes/<uuid:uuid>/live/rows/", live.live_rows, name="live-rows"),
    path("classes/<uuid:uuid>/needs/<uuid:question>/", live.need, name="need"),
    path("classes/grading/", grading.queue, name="grading"),
    path("classes/grading/<uuid:uuid>/", grading.question, name="grading-question"),
    path("classes/grading/<uuid:uuid>/next/", grading.next_answer, name="grading-next"),
    path("classes/grading/<uuid:uuid>/names/", grading.names, name="grading-names"),
    path("classes/grading/<uuid:uuid>/release/", grading.release, name="grading-release"),
    path("classes/grading/<uuid:uuid>/<uuid:attempt>/", grading.answer, name="grading-answer"),
    path("classes/regrade/<uuid:uuid>/", regrading.regrade, name="regrade"),
    path("classes/regrades/<uuid:uuid>/", regrading.progress, name="regrade-progress"),
]
