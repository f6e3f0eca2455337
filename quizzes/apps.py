from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = _("Quizzes")

    def ready(self) -> None:
        from accounts import class_pages, clock, todos, visibility  # late: models are read by then
        from accounts.signals import cohort_member_changed, cohort_members_changed, cohort_zone_changed
        from articles import choosing
        from articles.signals import article_edited, article_published
        from quizzes import (
            attempts,
            grading_queue,
            news,
            personal_data,
            regrading,
            releasing,
            score_moments,
            score_rows,
            signals,
            zones,
        )
        from quizzes.due import assigned_quizzes
        from quizzes.requoting import on_article_edited, on_article_published

        personal_data.register()
        article_published.connect(on_article_published, dispatch_uid="quizzes.requoting")
        article_edited.connect(on_article_edited, dispatch_uid="quizzes.following")
        news.register()
        signals.assignment_given.connect(news.tell_assigned, dispatch_uid="quizzes.news")
        signals.grades_released.connect(news.tell_released, dispatch_uid="quizzes.news")
        clock.register("quizzes.overdue", attempts.submit_overdue, every=timedelta(minutes=1))
        clock.register("quizzes.due_tomorrow", news.tell_due_tomorrow, every=timedelta(minutes=30))
        clock.register("quizzes.told", releasing.tell_all, every=timedelta(minutes=1))
        cohort_member_changed.connect(news.tell_who_comes_in, dispatch_uid="quizzes.news")
        cohort_members_changed.connect(news.tell_who_come_in, dispatch_uid="quizzes.news")
        class_pages.register(_("Questions"), "quizzes:class_items", order=70)
        class_pages.register(_("Live"), "quizzes:live", order=30)
        # Before the regrade: it touches the same rows, and these are locked in one order.
        signals.attempt_submitted.connect(score_rows.on_submitted, dispatch_uid="quizzes.scores")
        signals.attempt_submitted.connect(regrading.on_submitted, dispatch_uid="quizzes.regrading")
        signals.quiz_published.connect(score_rows.on_quiz_published, dispatch_uid="quizzes.scores")
        cohort_member_changed.connect(score_rows.on_member_changed, dispatch_uid="quizzes.scores")
        cohort_zone_changed.connect(zones.on_zone_changed, dispatch_uid="quizzes.zones")
        cohort_members_changed.connect(score_rows.on_members_changed, dispatch_uid="quizzes.scores")
        clock.register("quizzes.scores", score_moments.touch_passed, every=timedelta(minutes=1))
        todos.register(grading_queue.todo)
        todos.register_of_class(grading_queue.left_in)
        visibility.register("quizzes.Quiz", assigned_quizzes)
        visibility.register("articles.Article", choosing.replacements)
