from django.urls import path

from quizzes.views import attempt, item, quiz

app_name = "quizzes"
urlpatterns = [
    path("quizzes/<uuid:uuid>/", quiz.quiz, name="quiz"),
    path("quizzes/<uuid:uuid>/start/", quiz.start, name="start"),
    path("attempts/<uuid:uuid>/", attempt.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/review/", attempt.review, name="review"),
    path("attempts/<uuid:uuid>/submit/", attempt.submit, name="submit"),
    path("attempts/<uuid:uuid>/<int:position>/", item.item, name="item"),
]
