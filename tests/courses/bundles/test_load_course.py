"""`load_course`: what is written becomes what is published, once, whole or not at all."""

from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from articles import publishing
from articles.models import Annotation, Article, ArticleRevision
from courses.bundles.faults import BundleRefused
from courses.bundles.load import load as load_bundle
from courses.models import Course, Lesson, LessonRevision, Module
from courses.signals import course_published, lesson_published
from quizzes import attempts
from quizzes.models import Question, QuestionKey, QuestionRevision, Quiz, QuizRevision
from tests.courses.bundles.plain_bundle import END, EXAM, edit, write_bundle
from tests.factories.accounts import LearnerFactory, OrganisationFactory
from tests.factories.quizzes import QuestionRevisionFactory

pytestmark = pytest.mark.django_db
once = pytest.mark.once

OURS = ("accounts", "articles", "quizzes", "courses")
TEXT = (
    "The board voted on 2 March. The board wants the pier for cruise ships.\nThe letters\n"
    "The mayor wrote a whining letter. It is four pages long.\nThe council wants to embarrass the board."
)


def load(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("load_course", str(folder), *options, stdout=out)
    return out.getvalue().strip()


def everything() -> dict[str, list[tuple]]:
    """Every row of every table of ours, all columns: what a load may change."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


def revisions() -> dict[str, list[int]]:
    """The numbers of the revisions of each ref."""
    rows = [
        *((row.article.ref, row.number) for row in ArticleRevision.objects.select_related("article")),
        *((row.question.ref, row.number) for row in QuestionRevision.objects.select_related("question")),
        *((row.quiz.ref, row.number) for row in QuizRevision.objects.select_related("quiz")),
        *((row.lesson.ref, row.number) for row in LessonRevision.objects.select_related("lesson")),
    ]
    numbers: dict[str, list[int]] = {}
    for ref, number in sorted(rows):
        numbers.setdefault(ref, []).append(number)
    return numbers


ONCE = {ref: [1] for ref in ("ferry", "copied", "spelt-out", "note", "try", "exam", "who", "end")}


@once
def test_load_says_what_it_loaded(bundle):
    assert load(bundle) == (
        "Loaded “Read the ferry”: 1 new or changed articles, 3 new or changed questions, "
        "2 new or changed quizzes, 2 new or changed lessons."
    )
    assert revisions() == ONCE


def test_loaded_article_holds_text_and_its_cut(bundle):
    load(bundle)
    article = Article.objects.get()
    revision = article.published
    assert (article.organisation.slug, article.bundle, article.ref) == ("shared", "ferry-course", "ferry")
    assert (revision.text, revision.blocks) == (TEXT, ["p", "h2", "p", "p"])
    assert revision.sentences[:3] == [[0, 27], [28, 70], [71, 82]]
    assert [revision.text[start:end] for start, end in revision.words[:3]] == ["The", "board", "voted"]
    assert (revision.rules_version, len(revision.sha256)) == (1, 64)
    assert revision.published_at is not None


@once
def test_loaded_annotations_stand_at_words_with_their_margins(bundle):
    load(bundle)
    rows = Annotation.objects.values_list(
        "ref", "skill__slug", "kind", "start", "end", "exact", "readings", "party"
    )
    assert list(rows) == [
        ("vote", "attribution", "foil", 0, 26, "The board voted on 2 March", 1, ""),
        (
            "cruise",
            "attribution",
            "required",
            28,
            69,
            "The board wants the pier for cruise ships",
            1,
            "board",
        ),
        ("whining-margin", "loaded-language", "acceptable", 99, 115, "a whining letter", 1, ""),
        ("whining", "loaded-language", "required", 101, 108, "whining", 2, ""),
    ]
    cruise = Annotation.objects.get(ref="cruise")
    assert (cruise.prefix, cruise.suffix) == (
        "The board voted on 2 March. ",
        ".\nThe letters\nThe mayor wrote a ",
    )
    assert str(cruise.fact_checked_on) == "2026-11-24"
    assert Annotation.objects.get(ref="whining").instead == "“a letter”"


def test_loaded_question_holds_its_passage_and_a_copy_of_the_annotations(bundle):
    load(bundle)
    revision = Question.objects.get(ref="copied").published
    article = Article.objects.get().published
    assert (revision.article_revision, revision.start, revision.end) == (article, 0, 70)
    assert revision.prompt["passage"]["text"] == TEXT[:70]
    assert revision.prompt["passage"]["sentences"] == [[0, 27], [28, 70]]
    assert revision.prompt["skills"] == ["attribution"]
    key = QuestionKey.objects.get(revision=revision)
    assert key.origin_set == article.annotation_sets.get()
    assert [(span["ref"], span["kind"], span["start"], span["end"]) for span in key.key["spans"]] == [
        ("vote", "foil", 0, 26),
        ("cruise", "required", 28, 69),
    ]
    assert [skill.slug for skill in revision.skills.all()] == ["attribution"]


@once
def test_loaded_question_counts_its_spans_from_the_passage(bundle):
    load(bundle)
    revision = Question.objects.get(ref="spelt-out").published
    assert (revision.start, revision.end, revision.difficulty) == (83, 116, 3)
    assert revision.prompt["passage"]["text"] == "The mayor wrote a whining letter."
    key = QuestionKey.objects.get(revision=revision)
    assert key.origin_set is None
    assert [(span["ref"], span["kind"], span["start"], span["end"]) for span in key.key["spans"]] == [
        ("judging", "required", 18, 25),
        ("judging-margin", "acceptable", 16, 32),
        ("plain", "foil", 10, 15),
    ]


@once
def test_copied_annotations_are_those_of_the_passage_counted_from_its_start(bundle):
    edit(bundle, "quizzes/try.yaml", "from: 1, to: 1}", "from: 1, to: 1, sentences: [2, 2]}")
    load(bundle)
    revision = Question.objects.get(ref="copied").published
    assert (revision.start, revision.end) == (28, 70)
    (span,) = QuestionKey.objects.get(revision=revision).key["spans"]
    assert (span["ref"], span["start"], span["end"]) == ("cruise", 0, 41)


@once
def test_loaded_quiz_has_feedback_that_fits_its_mode(bundle):
    load(bundle)
    practice, exam = Quiz.objects.get(ref="try"), Quiz.objects.get(ref="exam")
    assert (practice.mode, practice.published.feedback, practice.published.attempts_allowed) == (
        "practice",
        "at_once",
        None,
    )
    assert (exam.mode, exam.published.feedback, exam.published.attempts_allowed) == (
        "graded",
        "after_submit",
        2,
    )
    slots = practice.published.slots.values_list("position", "question__ref", "points")
    assert list(slots) == [(1, "copied", Decimal(1)), (2, "spelt-out", Decimal("2.5"))]


def test_loaded_lessons_hold_their_steps_in_order(bundle):
    load(bundle)
    course = Course.objects.get()
    assert (course.title, course.licence, course.opening.ref) == ("Read the ferry", "CC BY 4.0", "try")
    assert list(course.lessons.values_list("module__ref", "ref", "position")) == [
        ("first", "who", 1),
        ("first", "end", 2),
    ]
    lesson = Lesson.objects.get(ref="who").published
    assert (lesson.title, lesson.minutes, lesson.summary) == ("Who says so?", 10, "Every claim has an owner.")
    columns = (
        "position",
        "key",
        "kind",
        "on_short_route",
        "first_line",
        "last_line",
        "skill__slug",
        "quiz__ref",
    )
    assert list(lesson.steps.values_list(*columns)) == [
        (1, "claim", "explain", False, None, None, None, None),
        (2, "read", "read", True, 1, 2, "attribution", None),
        (3, "practice", "practice", True, None, None, None, "try"),
    ]
    assert lesson.steps.get(key="claim").body == "Every claim has an *owner*."
    assert lesson.steps.get(key="read").article == Article.objects.get()


@once
def test_step_that_names_one_end_reads_to_the_other(bundle):
    edit(bundle, "lessons/who.yaml", "from: 1, to: 2", "from: 3")
    load(bundle)
    step = Lesson.objects.get(ref="who").published.steps.get(key="read")
    assert (step.first_line, step.last_line) == (3, 4)


def test_load_opens_the_course_and_announces_it_inside_the_transaction(bundle):
    heard = []

    def listen(sender, **kwargs):
        assert connection.in_atomic_block
        heard.append((sender, kwargs.get("course") or kwargs.get("revision")))

    for signal in (lesson_published, course_published):
        signal.connect(listen)
    try:
        load(bundle)
    finally:
        for signal in (lesson_published, course_published):
            signal.disconnect(listen)
    course = Course.objects.get()
    assert course.published_at is not None
    lessons = [Lesson.objects.get(ref=ref).published for ref in ("end", "who")]
    assert heard == [*((LessonRevision, revision) for revision in lessons), (Course, course)]


DRAWN = """\
  - draw: {skill: attribution, count: 1, difficulty: 2}
    points: 0.5
  - draw: {skill: loaded-language, count: 1}
  - ref: note
"""


def test_quiz_may_draw_pin_an_article_and_end_in_time(bundle):
    edit(bundle, "quizzes/try.yaml", "    title: The board", "    difficulty: 2\n    title: The board")
    edit(bundle, "quizzes/exam.yaml", "  - ref: note\n", DRAWN)
    edit(bundle, "quizzes/exam.yaml", "questions:", "time_limit_minutes: 20\npinned: ferry\nquestions:")
    load(bundle)
    exam = Quiz.objects.get(ref="exam").published
    assert (exam.time_limit_s, exam.pinned_article) == (1200, Article.objects.get().published)
    columns = ["position", "question__ref", "draw_skill__slug", "draw_count", "draw_difficulty", "points"]
    assert list(exam.slots.values_list(*columns)) == [
        (1, None, "attribution", 1, 2, Decimal("0.50")),
        (2, None, "loaded-language", 1, None, Decimal("1.00")),
        (3, "note", None, None, None, Decimal("1.00")),
    ]
    assert load(bundle) == "Loaded “Read the ferry”: nothing has changed."
    edit(bundle, "quizzes/exam.yaml", "count: 1, difficulty: 2", "count: 2, difficulty: 2")
    with pytest.raises(
        CommandError, match="The draw in place 1 takes 2 questions, and the bank has 1 for it"
    ):
        load(bundle)


def test_second_load_writes_nothing(bundle):
    load(bundle)
    before = everything()
    assert load(bundle) == "Loaded “Read the ferry”: nothing has changed."
    assert everything() == before


def _change_article(bundle: Path) -> None:
    edit(bundle, "articles/ferry.md", "The mayor", "The old mayor")


def _change_front_matter(bundle: Path) -> None:
    edit(bundle, "articles/ferry.md", "title: The night ferry", "title: The last ferry")


def _change_rationale(bundle: Path) -> None:
    edit(bundle, "articles/ferry.annotations.yaml", "A vote with its date.", "A vote, dated.")


def _drop_annotation(bundle: Path) -> None:
    path = bundle / "articles/ferry.annotations.yaml"
    path.write_text(path.read_text().split("  - ref: whining")[0])


#: What a database may give back otherwise than it was written: numbers, and what has no order of its own.
STORED = {"key", "skills", "passage", "points"}


@pytest.mark.parametrize(
    ("change", "revised"),
    [
        # A new text of an article takes the questions with it whose passage it holds, and the lesson that shows it.
        pytest.param(_change_article, {"ferry", "copied", "spelt-out", "who"}, id="text of an article"),
        pytest.param(
            _change_front_matter, {"ferry", "copied", "spelt-out", "who"}, id="title of an article", marks=once
        ),
        pytest.param(
            _change_rationale, {"ferry", "copied", "spelt-out", "who"}, id="rationale of an annotation", marks=once
        ),
        pytest.param(_drop_annotation, {"ferry", "copied", "spelt-out", "who"}, id="an annotation less"),
        *(
            pytest.param(
                lambda bundle, edits=edits: edit(bundle, *edits), {ref}, id=name, marks=() if name in STORED else once
            )
            for name, ref, edits in [
                ("prompt", "note", ("quizzes/exam.yaml", "This is false.", "That is false.")),
                ("key", "note", ("quizzes/exam.yaml", "right: [a]", "right: [a, b]")),
                ("feedback", "note", ("quizzes/exam.yaml", "That is not known.", "Nobody knows.")),
                ("title of a question", "note", ("quizzes/exam.yaml", "title: A note", "title: One note")),
                ("skills", "note", ("quizzes/exam.yaml", "[attribution]", "[attribution, certainty]")),
                ("difficulty", "spelt-out", ("quizzes/try.yaml", "difficulty: 3", "difficulty: 4")),
                ("key span", "spelt-out", ("quizzes/try.yaml", "What mayors do.", "A plain verb.")),
                ("passage", "copied", ("quizzes/try.yaml", "from: 1, to: 1", "from: 1, to: 2")),
                ("points", "try", ("quizzes/try.yaml", "points: 2.5", "points: 2")),
                ("instructions", "exam", ("quizzes/exam.yaml", "Take your time.", "Be quick.")),
                ("attempts", "exam", ("quizzes/exam.yaml", "attempts_allowed: 2", "attempts_allowed: 3")),
                ("title of a quiz", "exam", ("quizzes/exam.yaml", "title: The end", "title: An end")),
                ("body", "who", ("lessons/who.yaml", "an *owner*", "one *owner*")),
                ("route", "who", ("lessons/who.yaml", "route: false", "route: true")),
                ("paragraphs of a step", "who", ("lessons/who.yaml", "from: 1, to: 2", "from: 1, to: 3")),
                ("minutes of a step", "end", ("lessons/end.yaml", END, END.replace("minutes: 5", "minutes: 6"))),
            ]
        ),
    ],
)  # fmt: skip
def test_change_makes_a_new_revision_of_what_changed_and_nothing_else(bundle, change: Callable, revised):
    load(bundle)
    frozen = {row.pk: row.text for row in ArticleRevision.objects.all()}
    change(bundle)
    load(bundle)
    assert revisions() == {ref: [1, 2] if ref in revised else [1] for ref in ONCE}
    assert {pk: ArticleRevision.objects.get(pk=pk).text for pk in frozen} == frozen
    for model in (Article, Question, Quiz, Lesson):
        for identity in model.objects.select_related("published"):
            assert identity.published.number == (2 if identity.ref in revised else 1)
    before = everything()
    load(bundle)
    assert everything() == before


@once
def test_same_key_spelt_out_is_no_longer_a_copy(bundle):
    load(bundle)
    copied = QuestionKey.objects.get(revision__question__ref="copied")
    spans = """\
    key:
      spans:
        - {ref: vote, kind: foil, quote: "The board voted on 2 March", rationale: "A vote with its date."}
        - ref: cruise
          kind: required
          quote: "The board wants the pier for cruise ships"
          rationale: "It names nobody who said so."
"""
    edit(bundle, "quizzes/try.yaml", "    key: annotations\n", spans)
    load(bundle)
    spelt_out = QuestionKey.objects.get(revision__question__ref="copied", revision__number=2)
    assert spelt_out.key == copied.key
    assert (copied.origin_set is None, spelt_out.origin_set is None) == (False, True)


def test_going_back_makes_a_third_revision(bundle):
    load(bundle)
    edit(bundle, "quizzes/exam.yaml", "This is false.", "That is false.")
    load(bundle)
    edit(bundle, "quizzes/exam.yaml", "That is false.", "This is false.")
    load(bundle)
    assert revisions()["note"] == [1, 2, 3]


def test_order_of_a_set_in_stored_json_is_no_change(bundle):
    edit(bundle, "quizzes/exam.yaml", "right: [a]", "right: [a, b]")
    load(bundle)
    edit(bundle, "quizzes/exam.yaml", "right: [a, b]", "right: [b, a]")
    load(bundle)
    assert revisions() == ONCE


def test_past_attempt_keeps_its_revisions(bundle):
    load(bundle)
    attempt = attempts.start(learner=LearnerFactory(), quiz=Quiz.objects.get(ref="exam"))
    item = attempt.items.get()
    edit(bundle, "quizzes/exam.yaml", "This is false.", "That is false.")
    edit(bundle, "quizzes/exam.yaml", "Take your time.", "Be quick.")
    load(bundle)
    attempt.refresh_from_db()
    item.refresh_from_db()
    assert attempt.quiz_revision.instructions == "Take your time."
    assert item.revision.number == 1
    assert item.revision.prompt["options"][1]["text"] == "This is false."


def test_outline_is_live(bundle):
    load(bundle)
    edit(bundle, "course.yaml", "title: Read the ferry", "title: Read it")
    edit(bundle, "course.yaml", "title: The first module", "title: Module one")
    edit(
        bundle,
        "course.yaml",
        "lessons: [who, end]",
        "lessons: [end]\n  - {ref: second, title: Two, lessons: [who]}",
    )
    edit(bundle, "course.yaml", "opening: try\n", "")
    load(bundle)
    course = Course.objects.get()
    assert (course.title, course.opening) == ("Read it", None)
    assert list(Module.objects.values_list("ref", "title", "position")) == [
        ("first", "Module one", 1),
        ("second", "Two", 2),
    ]
    assert list(course.lessons.values_list("ref", "module__ref", "position")) == [
        ("end", "first", 1),
        ("who", "second", 1),
    ]
    assert revisions() == ONCE


def _without_the_end(bundle: Path) -> None:
    edit(bundle, "course.yaml", "[who, end]", "[who]")
    (bundle / "lessons/end.yaml").unlink()
    (bundle / "quizzes/exam.yaml").unlink()


def archived() -> set[str]:
    return {
        row.ref
        for model in (Article, Question, Quiz, Module, Lesson)
        for row in model.objects.exclude(archived_at=None)
    }


def test_what_vanishes_is_archived_and_what_comes_back_is_restored(bundle):
    load(bundle)
    before = {row.ref: row.updated_at for row in Quiz.objects.all()}
    _without_the_end(bundle)
    assert load(bundle) == (
        "Loaded “Read the ferry”: 1 archived questions, 1 archived quizzes, 1 archived lessons."
    )
    assert archived() == {"end", "exam", "note"}
    after = {row.ref: row.updated_at for row in Quiz.objects.all()}
    assert after["exam"] > before["exam"]
    assert after["try"] == before["try"]
    write_bundle(bundle)
    assert load(bundle) == (
        "Loaded “Read the ferry”: 1 restored questions, 1 restored quizzes, 1 restored lessons."
    )
    assert archived() == set()
    assert revisions() == ONCE


def test_vanished_article_and_module_are_archived(bundle):
    load(bundle)
    for name in ("articles/ferry.md", "articles/ferry.annotations.yaml", "facts.yaml", "quizzes/try.yaml"):
        (bundle / name).unlink()
    edit(bundle, "course.yaml", "opening: try\n", "")
    edit(bundle, "course.yaml", "ref: first", "ref: other")
    path = bundle / "lessons/who.yaml"
    path.write_text(path.read_text().split("  - {key: read")[0].replace("minutes: 10", "minutes: 1"))
    load(bundle)
    assert archived() == {"ferry", "copied", "spelt-out", "try", "first"}


def test_archived_course_comes_back(bundle):
    load(bundle)
    Course.objects.update(archived_at=Course.objects.get().created_at)
    load(bundle)
    assert Course.objects.get().archived_at is None


def test_other_bundles_and_organisations_are_left_alone(bundle):
    school = OrganisationFactory(slug="school")
    load(bundle)
    shared = everything()["quizzes.QuizRevision"]
    load(bundle, "--organisation", "school")
    edit(bundle, "course.yaml", "bundle: ferry-course", "bundle: other-course")
    load(bundle)
    assert [
        tuple(row) for row in Course.objects.order_by("pk").values_list("organisation__slug", "bundle")
    ] == [
        ("shared", "ferry-course"),
        ("school", "ferry-course"),
        ("shared", "other-course"),
    ]
    assert everything()["quizzes.QuizRevision"][: len(shared)] == shared
    assert Article.objects.filter(organisation=school).get().ref == "ferry"
    assert archived() == set()


@once
@pytest.mark.parametrize("option", [(), ("--check",)], ids=["load", "check"])
def test_fault_in_the_last_file_loads_nothing(bundle, option):
    before = everything()
    edit(bundle, "quizzes/try.yaml", 'quote: "wrote"', 'quote: "writes"')
    with pytest.raises(CommandError) as refusal:
        load(bundle, *option)
    assert str(refusal.value) == (
        "quizzes/try.yaml:35: questions[1].key.spans[1].quote: in the passage, “writes” is not there. "
        "Did you mean “wrote”?\n(1 fault; nothing was loaded.)"
    )
    assert everything() == before


@once
def test_closing_line_counts_the_faults(bundle):
    edit(bundle, "quizzes/exam.yaml", "right: [a]", "right: [d, e]")
    with pytest.raises(CommandError, match=r"\n\(2 faults; nothing was loaded\.\)$"):
        load(bundle)


def test_check_writes_nothing_and_counts(bundle):
    before = everything()
    assert load(bundle, "--check") == "OK: 1 articles, 3 questions, 2 quizzes, 2 lessons, 1 facts."
    assert everything() == before
    load(bundle)
    before = everything()
    edit(bundle, "quizzes/exam.yaml", "This is false.", "That is false.")
    load(bundle, "--check")
    assert everything() == before


def test_mode_of_a_loaded_quiz_never_changes(bundle):
    load(bundle)
    before = everything()
    edit(bundle, "quizzes/exam.yaml", "mode: graded", "mode: practice")
    edit(bundle, "quizzes/exam.yaml", "attempts_allowed: 2\n", "")
    edit(bundle, "lessons/end.yaml", "kind: quiz", "kind: practice")
    with pytest.raises(CommandError) as refusal:
        load(bundle)
    assert str(refusal.value).splitlines()[0] == (
        "quizzes/exam.yaml:2: mode: this quiz was loaded as graded, and a mode never changes. "
        "Give the quiz another ref."
    )
    assert everything() == before


def test_open_draft_is_not_overwritten(bundle):
    load(bundle)
    publishing.draft(article=Article.objects.get(), title="x", source="x", licence="x", text="Mine.")
    edit(bundle, "articles/ferry.md", "The mayor", "The old mayor")
    before = everything()
    for options in [[], ["--check"]]:
        with pytest.raises(CommandError) as refusal:
            load(bundle, *options)
        assert str(refusal.value).splitlines()[0] == (
            "articles/ferry.md: “ferry” has a draft already. Publish or discard it first."
        )
        assert everything() == before


def test_refusal_in_a_late_stage_takes_back_the_early_ones(bundle):
    load(bundle)
    QuestionRevisionFactory(question=Question.objects.get(ref="note"))
    edit(bundle, "articles/ferry.md", "The mayor", "The old mayor")
    edit(bundle, "quizzes/exam.yaml", "This is false.", "That is false.")
    before = everything()
    with pytest.raises(BundleRefused):
        load_bundle(bundle, Organisation.objects.get(slug="shared"))
    assert everything() == before


def test_open_draft_of_what_has_not_changed_is_no_matter(bundle):
    load(bundle)
    publishing.draft(article=Article.objects.get(), title="x", source="x", licence="x", text="Mine.")
    assert load(bundle) == "Loaded “Read the ferry”: nothing has changed."


@once
@pytest.mark.parametrize("option", [(), ("--check",)], ids=["load", "check"])
def test_unknown_organisation_and_folder_are_named(bundle, option):
    with pytest.raises(CommandError, match=r"^There is no organisation “school”\.$"):
        load(bundle, "--organisation", "school", *option)
    with pytest.raises(CommandError, match=r"nowhere is no folder\. Name the one that holds course\.yaml\.$"):
        load(bundle / "nowhere", *option)
    assert not Organisation.objects.exists()


@once
def test_second_load_asks_as_often_for_many_questions_as_for_few(bundle):
    question = EXAM.split("questions:\n")[1]

    def queries() -> int:
        load(bundle)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            load(bundle)
        return len(captured)

    few = queries()
    many = "".join(question.replace("ref: note", f"ref: note-{n}") for n in range(9))
    (bundle / "quizzes/exam.yaml").write_text(EXAM + many)
    (bundle / "quizzes/more.yaml").write_text(EXAM.replace("ref: note", "ref: note-more"))
    more = "  - {key: more, kind: quiz, title: More, quiz: more}\n"
    (bundle / "lessons/end.yaml").write_text(END.replace("minutes: 5\n", "minutes: 6\n") + more)
    assert queries() == few
