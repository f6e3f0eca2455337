from django.urls import path

from quizzes.views import attempt, item, items, live, quiz

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
]
