"""The pages of item statistics: what a teacher reads, for every type, and how much is asked of the database."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts import roles
from accounts.models import Cohort
from quizzes import analysis, attempts
from quizzes.models import Attempt, Quiz, QuizAnalysis
from quizzes.types import all_types, registry
from quizzes.views import items
from tests.admin.staff import with_role
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
    TeacherFactory,
)
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuestionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"chosen": "engineer"}, {"chosen": "reporter"}
#: Pictures, and everything else that a page lays out, are told in words beside them.
INLINE = (" style=", "<style", " onclick=")


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def teacher(client: Client, cohort: Cohort) -> Client:
    client.force_login(TeacherFactory(cohort=cohort))
    return client


def taken(quiz: Quiz, *answers: Any, **kwargs: Any) -> Attempt:
    if kwargs.get("cohort") is not None and "learner" not in kwargs:
        kwargs["learner"] = CohortMemberFactory(cohort=kwargs["cohort"]).user
    attempt: Attempt = AttemptFactory(quiz=quiz, **kwargs)
    for item, data in zip(attempt.items.order_by("position"), answers, strict=True):
        if data is not None:
            attempts.save_response(item=item, sequence=1, data=data)
    return attempts.submit(attempt=attempt)


def class_page(cohort: Cohort) -> str:
    return reverse("quizzes:class_items", kwargs={"uuid": cohort.uuid})


def quiz_page(cohort: Cohort, quiz: Quiz) -> str:
    return reverse("quizzes:quiz_items", kwargs={"uuid": cohort.uuid, "quiz": quiz.uuid})


def question_page(cohort: Cohort, quiz: Quiz, number: int = 1) -> str:
    question = quiz.published.slots.get(position=number).question
    kwargs = {"uuid": cohort.uuid, "quiz": quiz.uuid, "question": question.uuid}
    return reverse("quizzes:question_items", kwargs=kwargs)


def text_of(page: Any) -> str:
    assert page.status_code == 200
    return " ".join(strip_tags(page.content.decode().replace("<", " <")).split())


def two_questions() -> Quiz:
    return QuizFactory(revision__questions=[QuestionFactory(), QuestionFactory()])


def test_the_class_lists_its_quizzes_given_or_finished(teacher: Client, cohort: Cohort) -> None:
    finished = QuizFactory(revision__title="Finished")
    AssignmentFactory(cohort=cohort, quiz=QuizFactory(revision__title="Given"))
    QuizFactory(revision__title="Elsewhere")
    taken(finished, RIGHT, cohort=cohort)
    said = text_of(teacher.get(class_page(cohort)))
    assert "Finished 1 learner has finished." in said
    assert "Given Nobody has finished yet." in said
    assert "Elsewhere" not in said


def test_the_class_without_a_quiz_says_so(teacher: Client, cohort: Cohort) -> None:
    assert "No quiz has been given to this class" in text_of(teacher.get(class_page(cohort)))


def test_figures_that_were_never_computed_are_on_their_way(
    teacher: Client, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = two_questions()
    AssignmentFactory(cohort=cohort, quiz=quiz)
    assert "Nobody has finished this quiz yet." in text_of(teacher.get(quiz_page(cohort, quiz)))
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    said = text_of(teacher.get(quiz_page(cohort, quiz)))
    assert "The figures are being computed for the first time." in said
    assert teacher.get(question_page(cohort, quiz)).headers["Location"] == quiz_page(cohort, quiz)
    assert QuizAnalysis.objects.get(quiz=quiz, cohort=cohort).asked_at is not None


def test_stale_figures_are_shown_as_such(teacher: Client, cohort: Cohort) -> None:
    quiz = two_questions()
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    page = quiz_page(cohort, quiz)
    assert "Stale" not in text_of(teacher.get(page))
    taken(quiz, WRONG, RIGHT, cohort=cohort)
    for address in (page, question_page(cohort, quiz)):
        said = text_of(teacher.get(address))
        assert "Stale: 2 newer answers. The figures are being computed again." in said
        assert "From the first finished try of 1 learner" in said


def test_below_20_learners_only_means_and_counts_are_shown(teacher: Client, cohort: Cohort) -> None:
    quiz = two_questions()
    for answers in [(RIGHT, RIGHT), (WRONG, WRONG), (RIGHT, WRONG), (WRONG, RIGHT)]:
        taken(quiz, *answers, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    said = text_of(teacher.get(quiz_page(cohort, quiz)))
    assert "Too few attempts" in said
    assert "Reliability: Shown from 20 learners on." in said
    assert "50\u00a0%" in teacher.get(quiz_page(cohort, quiz)).content.decode()
    assert "no figure" not in said
    assert "Nobody takes" not in said
    said = text_of(teacher.get(question_page(cohort, quiz)))
    assert "Fewer than 20 learners: read the counts, and draw no conclusion." in said
    assert "From the best quarter to the last" not in said


def twenty(cohort: Cohort) -> Quiz:
    """Taken by twenty; the first question by the better ones wrong, and nobody ever says “Nobody is named”."""
    quiz = QuizFactory(revision__questions=[QuestionFactory() for _ in range(3)])
    for place in range(20):
        good, bad = (RIGHT, WRONG) if place < 12 else (WRONG, RIGHT)
        taken(quiz, bad, good, good if place % 5 else bad, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    return quiz


def test_from_20_learners_on_flags_say_what_to_do_next(teacher: Client, cohort: Cohort) -> None:
    quiz = twenty(cohort)
    said = text_of(teacher.get(quiz_page(cohort, quiz)))
    assert "Better learners get it wrong Read the key again beside the commonest answers." in said
    assert "Look at question 1" in said
    assert "Nobody takes “Nobody is named” Make it more tempting, or leave it out." in said
    assert "Reliability (alpha) −" in said
    assert "Error of a total, in points ±" in said
    assert "3 questions to look at." in text_of(teacher.get(class_page(cohort)))
    page = teacher.get(question_page(cohort, quiz))
    said = text_of(page)
    assert "Better learners get it wrong" in said
    assert "The engineer ✓ right 8 " in said
    assert "The reporter 12 " in said
    assert "From the best quarter to the last" in said


def test_none_of_these_is_wrong_where_something_is_right_and_open_places_are_not_counted(
    teacher: Client, cohort: Cohort
) -> None:
    for slug, none in (("multiple_choice", "None of these"), ("hottext", "Nothing to mark")):
        quiz = QuizFactory(revision__questions=[QuestionFactory(revision__type=slug)])
        taken(quiz, registry.get(slug).example.right.model_dump(mode="json"), cohort=cohort)
        analysis.compute(quiz=quiz, cohort=cohort)
        said = text_of(teacher.get(question_page(cohort, quiz)))
        assert f"{none} 0 0 0 0 left blank" in said
        assert said.count("not counted") == (slug == "hottext")


def test_a_picture_has_a_title_a_description_and_a_table(teacher: Client, cohort: Cohort) -> None:
    quiz = twenty(cohort)
    for address in (quiz_page(cohort, quiz), question_page(cohort, quiz)):
        html = teacher.get(address).content.decode()
        pictures = html.split("<svg")[1:]
        assert len(pictures) >= 3
        for picture in pictures:
            drawn = picture.partition("</svg>")[0]
            assert "<title" in drawn
            assert "<desc" in drawn
            assert "aria-labelledby" in drawn
        assert "<table" in html
        assert [mark for mark in INLINE if mark in html] == []


def test_what_is_missed_and_taken_stands_on_the_text(teacher: Client, cohort: Cohort) -> None:
    question = QuestionFactory(revision__type="mark_spans")
    quiz = QuizFactory(revision__questions=[question])
    prompt = question.published.asked
    start, end = prompt.passage.words[0]
    word = prompt.passage.text[start:end]
    mark = {"marks": [{"skill": prompt.skills[0], "start": start, "end": end}]}
    for data in (mark, {"nothing_to_mark": True}):
        taken(quiz, data, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    html = teacher.get(question_page(cohort, quiz)).content.decode()
    assert 'class="h heat-3 taken">' in html
    assert 'class="h heat-5">' in html
    said = " ".join(strip_tags(html.replace("<", " <")).split())
    assert f"“{word}" in said
    assert "Most missed" in said
    assert "2 (100\u00a0%)" in html
    assert "Nothing to mark 1 " in said


@pytest.mark.parametrize("slug", [kind.slug for kind in all_types()])
def test_every_type_has_its_page(teacher: Client, cohort: Cohort, slug: str) -> None:
    quiz = QuizFactory(revision__questions=[QuestionFactory(revision__type=slug)])
    example = registry.get(slug).example
    for response in (example.right, *example.wrong):
        taken(quiz, response.model_dump(mode="json"), cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    for address in (quiz_page(cohort, quiz), question_page(cohort, quiz)):
        assert "{" not in text_of(teacher.get(address)).replace("{n}", "")
    said = text_of(teacher.get(question_page(cohort, quiz)))
    assert "left blank" in said
    assert " ".join(example.prompt.task.split()) in said.replace("&#x27;", "'")


def test_teachers_are_led_to_grading_anew_and_assistants_are_not(
    client: Client, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = two_questions()
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)

    def reversed_to(name: str, **kwargs: Any) -> str:
        return "/anew/" if name == "quizzes:regrade" else reverse(name, **kwargs)

    monkeypatch.setattr(items, "reverse", reversed_to)
    people = (TeacherFactory(cohort=cohort), CohortMemberFactory(cohort=cohort, assistant=True).user)
    for user, led in zip(people, (True, False), strict=True):
        client.force_login(user)
        assert (b'href="/anew/"' in client.get(question_page(cohort, quiz)).content) == led


def test_a_real_name_never_stands_on_these_pages(teacher: Client, cohort: Cohort) -> None:
    quiz = two_questions()
    attempt = taken(quiz, RIGHT, RIGHT, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    for address in (class_page(cohort), quiz_page(cohort, quiz), question_page(cohort, quiz)):
        assert str(attempt.learner) not in text_of(teacher.get(address))


def test_pages_take_as_many_queries_for_many_rows(teacher: Client, cohort: Cohort) -> None:
    quiz = two_questions()
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)

    def counted() -> list[int]:
        found = []
        for address in (class_page(cohort), quiz_page(cohort, quiz), question_page(cohort, quiz)):
            teacher.get(address)
            with Statements() as statements:
                teacher.get(address)
            found.append(len(statements.asked))
        return found

    few = counted()
    more = QuizFactory(revision__questions=[QuestionFactory() for _ in range(6)])
    for _ in range(3):
        taken(quiz, WRONG, RIGHT, cohort=cohort)
        taken(more, *[RIGHT] * 6, cohort=cohort)
    for each in (quiz, more):
        analysis.compute(quiz=each, cohort=cohort)
    assert counted() == few
    assert max(few) <= 12
    quiz = more
    assert counted() == few


# For authors ----------------------------------------------------------------------------------------


def figures_page(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_figures", args=[quiz.pk])


def author(client: Client, organisation: Any) -> Client:
    user = with_role(StaffFactory(), roles.WRITERS[0])
    OrganisationMemberFactory(organisation=organisation, user=user)
    client.force_login(user)
    return client


def test_authors_see_their_organisations_quizzes_over_all_classes(client: Client) -> None:
    own = OrganisationFactory()
    quiz = QuizFactory(organisation=own, revision__questions=[QuestionFactory(organisation=own)])
    learners = [taken(quiz, RIGHT, cohort=CohortFactory(organisation=own)).learner for _ in range(6)]
    taken(quiz, WRONG, cohort=CohortFactory(organisation=own))
    analysis.compute(quiz=quiz)
    author(client, own)
    said = text_of(client.get(figures_page(quiz)))
    assert "From the first finished tries of 7 learners" in said
    question = quiz.published.slots.get().question
    page = client.get(reverse("admin:quizzes_quiz_question_figures", args=[quiz.pk, question.uuid]))
    said = text_of(page)
    assert "The engineer 6 86" in said
    assert "1 other answer 1" in said  # given by fewer than five
    assert [str(learner) for learner in learners if str(learner) in said] == []
    links = client.get(reverse("admin:quizzes_quiz_change", args=[quiz.pk])).content.decode()
    assert figures_page(quiz) in links
    links = client.get(reverse("admin:quizzes_question_change", args=[question.pk])).content.decode()
    assert f"{figures_page(quiz)}{question.uuid}/" in links


def test_figures_of_another_organisation_are_not_there(client: Client) -> None:
    quiz = QuizFactory(organisation=OrganisationFactory())
    assert author(client, OrganisationFactory()).get(figures_page(quiz)).status_code == 404
    client.force_login(StaffFactory(is_superuser=True))
    assert client.get(figures_page(quiz)).status_code == 200
    for nothing in ("0", "some", "9" * 30):
        assert client.get(f"/admin/quizzes/quiz/{nothing}/figures/").status_code == 404


def test_teachers_see_no_figures_in_the_admin(client: Client) -> None:
    own = OrganisationFactory()
    quiz = QuizFactory(organisation=own)
    user = with_role(TeacherFactory(cohort=CohortFactory(organisation=own)), roles.TEACHER)
    OrganisationMemberFactory(organisation=own, user=user)
    client.force_login(user)
    question = quiz.published.slots.get().question
    for address in (
        figures_page(quiz),
        reverse("admin:quizzes_quiz_question_figures", args=[quiz.pk, question.uuid]),
    ):
        assert client.get(address).status_code == 403
