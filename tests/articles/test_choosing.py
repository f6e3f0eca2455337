import pytest
from django.urls import reverse

from articles import choosing
from articles.choosing import Choice, ChoiceRefused
from articles.models import Article, ArticleSwap, HiddenArticle
from courses import enrolment
from courses.outline import outline
from quizzes import attempts
from quizzes.errors import QuizUnavailable
from quizzes.pinned import pinned_beside
from quizzes.publishing import From
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.articles import ArticleFactory, DraftArticleFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def learner(cohort):
    return CohortMemberFactory(cohort=cohort).user


def about(article):
    article.refresh_from_db()
    return QuestionFactory(revision__passage=From(article.published, 0, 9))


def asked(attempt):
    return [item.question for item in attempt.items.order_by("position")]


def test_choice_is_what_the_class_hides_and_the_learner_swapped(cohort, teacher, learner):
    first, second, third = (ArticleFactory() for _number in range(3))
    choosing.hide(cohort=cohort, article=first, by=teacher)
    choosing.hide(cohort=cohort, article=second, by=teacher)
    choosing.swap(learner=learner, article=second, parallel=third, by=teacher)
    found = choosing.choice_of(cohort=cohort.pk, learner=learner.pk)
    assert found == Choice(frozenset({first.pk}), {second.pk: third.pk})
    assert found.left_out == {first.pk, second.pk}
    assert choosing.choice_of(cohort=None, learner=teacher.pk) == Choice()
    assert len(asked_by(choosing.choice_of, cohort=cohort.pk, learner=learner.pk)) == 1


def test_hiding_and_swapping_twice_is_once_and_both_can_be_taken_back(cohort, teacher, learner):
    article, parallel = ArticleFactory(), ArticleFactory()
    for _time in range(2):
        choosing.hide(cohort=cohort, article=article, by=teacher)
        choosing.swap(learner=learner, article=article, parallel=parallel, by=teacher)
    assert (HiddenArticle.objects.count(), ArticleSwap.objects.count()) == (1, 1)
    for _time in range(2):
        choosing.show(cohort=cohort, article=article, by=teacher)
        choosing.swap_back(learner=learner, article=article, by=teacher)
    assert (HiddenArticle.objects.count(), ArticleSwap.objects.count()) == (0, 0)


def test_swap_takes_another_published_text(teacher, learner):
    article = ArticleFactory()
    for parallel in (article, DraftArticleFactory()):
        with pytest.raises(ChoiceRefused):
            choosing.swap(learner=learner, article=article, parallel=parallel, by=teacher)


def test_the_other_text_is_visible_to_its_reader_and_to_nobody_else(cohort, teacher, learner):
    article, parallel = ArticleFactory(), ArticleFactory()
    choosing.swap(learner=learner, article=article, parallel=parallel, by=teacher)
    assert set(Article.objects.visible_to(learner)) == {parallel}
    assert not Article.objects.visible_to(CohortMemberFactory(cohort=cohort).user).exists()


def test_new_tries_ask_nothing_about_a_hidden_text_and_old_ones_stay(cohort, teacher, learner):
    article = ArticleFactory()
    question, plain = about(article), QuestionFactory()
    quiz = QuizFactory(revision__questions=[question, plain])
    before = attempts.start(learner=learner, quiz=quiz, cohort=cohort)
    choosing.hide(cohort=cohort, article=article, by=teacher)
    assert asked(before) == [question, plain]
    attempts.submit(attempt=before)
    assert asked(attempts.start(learner=learner, quiz=quiz, cohort=cohort)) == [plain]
    elsewhere = CohortMemberFactory()
    taken = attempts.start(learner=elsewhere.user, quiz=quiz, cohort=elsewhere.cohort)
    assert asked(taken) == [question, plain]


def test_a_swap_leaves_out_questions_for_that_learner_only(cohort, teacher, learner):
    article = ArticleFactory()
    question, plain = about(article), QuestionFactory()
    quiz = QuizFactory(revision__questions=[question, plain])
    choosing.swap(learner=learner, article=article, parallel=ArticleFactory(), by=teacher)
    classmate = CohortMemberFactory(cohort=cohort).user
    assert asked(attempts.start(learner=learner, quiz=quiz, cohort=cohort)) == [plain]
    assert asked(attempts.start(learner=classmate, quiz=quiz, cohort=cohort)) == [question, plain]


def test_a_quiz_on_nothing_else_cannot_be_begun(cohort, teacher, learner):
    article = ArticleFactory()
    quiz = QuizFactory(revision__questions=[about(article)])
    choosing.hide(cohort=cohort, article=article, by=teacher)
    with pytest.raises(QuizUnavailable):
        attempts.start(learner=learner, quiz=quiz, cohort=cohort)
    assert not learner.attempts.exists()


def lesson_on(article, *quizzes):
    steps = [{"key": "read", "kind": "read", "title": "Read", "article": article}]
    steps += [
        {"key": f"quiz-{number}", "kind": "quiz", "title": "Quiz", "quiz": quiz}
        for number, quiz in enumerate(quizzes)
    ]
    return LessonFactory(revision__steps=steps)


def test_steps_on_a_hidden_text_hold_nobody_up(cohort, teacher, learner):
    read, examined = ArticleFactory(), ArticleFactory()
    only, mixed = (
        QuizFactory(revision__questions=questions)
        for questions in ([about(examined)], [about(examined), QuestionFactory()])
    )
    course = lesson_on(read, only, mixed).course
    enrolment.give_course(cohort=cohort, course=course)
    taken = enrolment.enrolment_of(learner, course)
    for article in (read, examined):
        choosing.hide(cohort=cohort, article=article, by=teacher)
    assert [(step.key, step.done) for step in outline(course, taken).steps] == [
        ("read", True),
        ("quiz-0", True),
        ("quiz-1", False),
    ]


def test_a_reading_step_shows_what_is_chosen(client, cohort, teacher, learner):
    article, parallel = (
        ArticleFactory(revision__title=title, revision__text=f"{title} has a text.\nAnd an end.")
        for title in ("The first", "The other")
    )
    lesson = lesson_on(article)
    enrolment.give_course(cohort=cohort, course=lesson.course)
    classmate = CohortMemberFactory(cohort=cohort)
    enrolment.follow_cohort(classmate)
    address = reverse("courses:step", kwargs={"uuid": lesson.uuid, "key": "read"})

    def shown(reader):
        client.force_login(reader)
        page = client.get(address).content.decode()
        return [words in page for words in ("The first has", "The other has", "does not read this text")]

    assert shown(learner) == [True, False, False]
    choosing.swap(learner=learner, article=article, parallel=parallel, by=teacher)
    assert (shown(learner), shown(classmate.user)) == ([False, True, False], [True, False, False])
    choosing.hide(cohort=cohort, article=article, by=teacher)
    assert (shown(learner), shown(classmate.user)) == ([False, True, False], [False, False, True])


def test_a_pinned_text_is_what_is_chosen(cohort, teacher, learner):
    article, parallel = ArticleFactory(), ArticleFactory(revision__text="Another text.")
    article.refresh_from_db()
    quiz = QuizFactory(revision__pinned_article=article.published)
    attempt = attempts.start(learner=learner, quiz=quiz, cohort=cohort)
    revision = attempt.items.get().revision

    def beside():
        found = pinned_beside(attempt.quiz_revision, revision, attempt)
        return found and found.article.article_id

    assert beside() == article.pk
    choosing.hide(cohort=cohort, article=article, by=teacher)
    assert beside() is None
    choosing.swap(learner=learner, article=article, parallel=parallel, by=teacher)
    assert beside() == parallel.pk
