"""Written and read again, a course is the same course, and written again the same bytes."""

import json
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from articles import publishing as articles_publishing
from articles import revising
from articles.models import Annotation, AnnotationSet, ArticleRevision
from courses import publishing
from courses.bundles.export import ExportRefused, export, write
from courses.bundles.faults import BundleRefused
from courses.bundles.load import load
from courses.bundles.outline import Outline
from courses.models import Course, Step
from quizzes import publishing as quizzes_publishing
from quizzes.models import Question, Quiz
from quizzes.publishing import Draw, From, Slot
from quizzes.types import all_types, mark_spans
from tests.factories.accounts import OrganisationFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
    SkillFactory,
)
from tests.factories.courses import (
    CourseFactory,
    DraftLessonFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import DraftQuizFactory, QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db
FIXTURE = Path("fixtures/read-it-twice")
ODD = 'a "quote": # no\n- hyphen, *star* 🛟 Հայերեն שלום \u200f\u0085\u2028 \\n {x: [y]} \x07 e\u0301 end'
ODD_LINE = ODD.replace("\n", " ")
#: Columns that say when, by whom and under which name of the whole a row was made.
ITS_OWN = {"id", "uuid", "created_at", "updated_at", "published_at", "created_by", "published_by"}
ITS_OWN |= {"organisation", "bundle", "number", "revision", "set", "pinned", "origin_set", "prefix", "suffix"}


def told(row: Any) -> dict[str, Any]:
    """All columns of a row that a copy must have; a row that it points to by its ref."""
    columns = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}
    return {name: named(value) for name, value in columns.items() if name not in ITS_OWN}


def named(value: Any) -> Any:
    for name in ("ref", "slug", "bundle"):
        if hasattr(value, "pk") and hasattr(value, name):
            return getattr(value, name)
    return named(value.identity) if hasattr(value, "identity") else value


def whole(course: Course) -> list[Any]:
    """Everything of a course that learners meet, as plain values."""
    outline = Outline(Course.objects.get(pk=course.pk))
    rows: list[Any] = [outline.course, *outline.modules, *outline.lessons]
    rows += [lesson.published for lesson in outline.lessons]
    rows += [step for steps in outline.steps.values() for step in steps]
    rows += [*outline.quizzes, *outline.quiz_revisions.values()]
    rows += [slot for slots in outline.slots.values() for slot in slots]
    rows += [*(row.question for row in outline.questions.values()), *outline.questions.values()]
    rows += sorted(outline.keys.values(), key=lambda key: key.revision.question.ref)
    rows += [*(text.article for text in outline.texts), *outline.texts]
    rows += sorted((row for layer in outline.annotations.values() for row in layer), key=lambda row: row.ref)
    skills = [sorted(row.skill.slug for row in outline.skills[row.pk]) for row in outline.questions.values()]
    origins = {key.revision.question.ref: key.origin_set is not None for key in outline.keys.values()}
    return [*map(told, rows), skills, origins]


def come_back(course: Course, folder: Path) -> tuple[Course, dict[str, str]]:
    """Write a course, read it into an empty organisation, and return it; the second writing is the first."""
    files = export(course)
    write(files, folder)
    organisation = OrganisationFactory()
    load(folder, organisation)
    copy = Course.objects.get(organisation=organisation)
    assert export(copy) == files
    return copy, files


def test_the_shipped_course_comes_back_and_reads_well(tmp_path):
    load(FIXTURE, Organisation.objects.shared())
    course = Course.objects.get()
    copy, files = come_back(course, tmp_path)
    assert whole(copy) == whole(course)
    together = "\n".join(files.values())
    assert "strict: false" not in together
    assert "characters:" not in together
    assert "start:" not in together
    assert together.count("key: annotations") > 5
    assert together.count("margin:") == 15


def article(**columns: Any) -> Any:
    identity = DraftArticleFactory(organisation=Organisation.objects.shared())
    return ArticleRevisionFactory(article=identity, **columns)


def taught(*steps: dict[str, Any], **columns: Any) -> Course:
    """A course of one lesson with these steps."""
    course = CourseFactory(**columns)
    numbered = [{"title": f"Step {n}", "key": f"step-{n}", **step} for n, step in enumerate(steps, 1)]
    LessonFactory(module=ModuleFactory(course=course, position=1), position=1, revision__steps=numbered)
    return course


def every_type() -> Course:
    questions = [
        QuestionFactory(revision__type=kind.slug, revision__difficulty=n % 5 + 1)
        for n, kind in enumerate(all_types())
    ]
    practice = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=questions)
    # A question that two quizzes ask, rules of every kind, and a draw.
    read = article()
    articles_publishing.publish(revision=read)
    exam = DraftQuizFactory()
    slots = [Slot(questions[0], 2.5), Slot(None, 1, Draw(SkillFactory(), 1, 2))]  # type: ignore[arg-type]
    rules = {"time_limit_s": 90, "attempts_allowed": 2, "shuffle_items": True, "shuffle_options": True}
    draft = quizzes_publishing.draft_quiz(
        quiz=exam, slots=slots, title="The end", pinned_article=read, instructions=ODD, **rules
    )
    quizzes_publishing.publish_quiz(revision=draft)
    return taught(
        {"kind": Step.Kind.PRACTICE, "quiz": practice, "body": ODD},
        {"kind": Step.Kind.QUIZ, "quiz": exam, "on_short_route": False, "minutes": 7},
        title=ODD_LINE,
        licence=ODD_LINE,
        language="hy",
        opening=practice,
    )


TEXT = unicodedata.normalize(
    "NFC",
    f"{ODD_LINE} One sentence. Another one here.\n"
    "*Markup* and _more_. <b>The board</b> wants the pier, the pier and the pier.\n"
    "The letters\n…\n## not a subhead\n  blanks at both ends  \n- key: value # and a comment. A whining letter.",
)


def annotated() -> Course:
    """An article with mended sentences, places that no quote names, and questions about it."""
    revision = article(
        text=TEXT,
        blocks=["p", "p", "h2", "p", "p", "p", "p"],
        title=ODD_LINE,
        byline=ODD_LINE,
        direction="rtl",
    )
    joined = [list(span) for span in revision.sentences]
    joined[0:2] = [[joined[0][0], joined[1][1]]]
    revision.sentences = joined
    revision.save()
    layer = AnnotationSetFactory(revision=revision)
    pier = TEXT.index("pier and the")
    whining = TEXT.index("whining")
    wording = SkillFactory(slug="loaded-language")
    made = {"set": layer, "rationale": ODD}
    AnnotationFactory(**made, ref="pier", start=pier, end=pier + 4)
    AnnotationFactory(**made, ref="across", start=pier, end=pier + 40, kind="acceptable", party="The Board!")
    AnnotationFactory(**made, ref="part", start=whining, end=whining + 3, kind="foil")
    AnnotationFactory(
        set=layer, ref="w", skill=wording, start=whining, end=whining + 7, readings=2, minority=ODD
    )
    AnnotationFactory(
        set=layer,
        ref="w-margin",
        skill=wording,
        kind="acceptable",
        start=whining - 2,
        end=whining + 14,
        rationale="",
    )
    articles_publishing.publish(revision=revision)
    quiz = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=list(asked_about(revision, layer)))
    return taught(
        {"kind": Step.Kind.READ, "article": revision.article, "first_line": 1, "last_line": 3, "body": ODD},
        {"kind": Step.Kind.PRACTICE, "quiz": quiz},
    )


def asked_about(revision: Any, layer: AnnotationSet) -> Any:
    """Passages of paragraphs, of sentences and of a mere stretch; keys copied, copied and edited, and own."""
    lines = revision.text.split("\n")
    second = len(lines[0]) + 1
    places = [(second, second + len(lines[1])), tuple(revision.sentences[0])]
    for number, (start, end) in enumerate(places):
        inside = lambda spans, a=start, b=end: [[s - a, e - a] for s, e in spans if a <= s and e <= b]  # noqa: E731
        passage = {
            "text": revision.text[start:end],
            "sentences": inside(revision.sentences),
            "words": inside(revision.words),
        }
        prompt = {"task": ODD, "skills": ["attribution"], "granularity": "words", "passage": passage}
        spans = [
            {
                **{name: getattr(row, name) for name in ("ref", "kind", "rationale", "minority", "readings")},
                "skill": "attribution",
                "start": row.start - start,
                "end": row.end - start,
            }
            for row in Annotation.objects.filter(set=layer, skill__slug="attribution").order_by(
                "start", "end"
            )
            if start <= row.start and row.end <= end
        ]
        if number:
            word = passage["words"][0]
            spans = [
                {
                    "ref": "own",
                    "skill": "attribution",
                    "kind": "required",
                    "rationale": ODD,
                    "start": word[0],
                    "end": word[1],
                }
            ]
        question = QuestionFactory(
            revision__type="mark_spans",
            revision__prompt=mark_spans.Prompt.model_validate_json(json.dumps(prompt)),
            revision__key=mark_spans.Key.model_validate_json(json.dumps({"spans": spans})),
            revision__passage=From(revision, start, end),
            revision__origin=layer,
        )
        yield question
    for place in places[0], (second + 3, second + 30):
        yield QuestionFactory(revision__passage=From(revision, *place))


@pytest.mark.parametrize("build", [every_type, annotated])
def test_a_course_that_was_made_here_comes_back(tmp_path, build):
    course = build()
    assert whole(come_back(course, tmp_path)[0]) == whole(course)


def test_what_was_made_here_gets_refs_that_can_be_read(tmp_path):
    quizzes = [
        QuizFactory(ref=ref, bundle=bundle, mode=Quiz.Mode.PRACTICE, revision__title="What’s the source?")
        for ref, bundle in (("a" * 32, ""), ("b" * 32, ""), ("try", "other"), ("try", "own"), ("Not ref", ""))
    ]
    course = taught(*({"kind": Step.Kind.PRACTICE, "quiz": quiz} for quiz in quizzes), bundle="own")
    names = sorted(name for name in export(course) if name.startswith("quizzes/"))
    assert names == [
        "quizzes/try-2.yaml",
        "quizzes/try.yaml",
        "quizzes/whats-the-source-2.yaml",
        "quizzes/whats-the-source-3.yaml",
        "quizzes/whats-the-source.yaml",
    ]


def test_only_what_is_published_travels(tmp_path):
    course = taught({"kind": Step.Kind.EXPLAIN, "body": "Every claim has an owner."})
    LessonRevisionFactory(lesson=course.lessons.get(), title="A draft")
    DraftLessonFactory(module=course.modules.get())
    ModuleFactory(course=course, title="Empty")
    files = export(course)
    assert list(files) == ["course.yaml", f"lessons/{course.lessons.first().ref}.yaml"]
    assert "A draft" not in "".join(files.values())
    assert "Empty" not in files["course.yaml"]


def test_a_course_without_a_published_lesson_is_not_written():
    with pytest.raises(ExportRefused, match="no published lesson"):
        export(CourseFactory())


def test_blind_layers_stay_here(tmp_path):
    revision = article()
    articles_publishing.publish(revision=revision)
    keyer = User.objects.create_user("keyer")
    blind = AnnotationSetFactory(revision=revision, purpose=AnnotationSet.Purpose.BLIND, keyer=keyer)
    AnnotationFactory(set=blind, rationale="A second reading.")
    course = taught({"kind": Step.Kind.READ, "article": revision.article})
    assert "A second reading." not in "".join(export(course).values())


def test_writing_takes_as_many_queries_for_many_rows_as_for_one():
    def queries(course: Course) -> int:
        with CaptureQueriesContext(connection) as captured:
            export(course)
        return len(captured)

    def course(count: int) -> Course:
        quizzes = [
            QuizFactory(
                mode=Quiz.Mode.PRACTICE, revision__questions=[QuestionFactory() for _ in range(count)]
            )
            for _ in range(count)
        ]
        return taught(*({"kind": Step.Kind.PRACTICE, "quiz": quiz} for quiz in quizzes))

    assert queries(course(3)) == queries(course(1)) <= 20


# Texts that are not the newest, and a course that comes home ---------------------------------------
TOWN = "The town met on Monday evening.\nThe harbour stays closed until spring. Nobody says why."


def revised(article: ArticleRevision, text: str) -> ArticleRevision:
    draft = revising.revise(article=article.article)
    revising.edit(revision=draft, text=text, blocks=["p"] * (text.count("\n") + 1))
    draft.refresh_from_db()
    return articles_publishing.publish(revision=draft)


def on_two_texts() -> tuple[Course, ArticleRevision, ArticleRevision]:
    """A course that asks about the first text of an article, pins it too, and reads the second."""
    lesson = LessonFactory()
    owner = {"article__organisation": lesson.course.organisation}
    first = articles_publishing.publish(revision=ArticleRevisionFactory(text=TOWN, **owner))
    question = QuestionFactory(
        organisation=lesson.course.organisation,
        revision__passage=From(first, TOWN.index("The harbour"), len(TOWN)),
    )
    quiz = QuizFactory(
        organisation=lesson.course.organisation,
        mode="practice",
        revision__questions=[question],
        revision__pinned_article=first,
    )
    second = revised(first, f"New on top.\n{TOWN}")
    steps = [
        {"key": "read", "kind": "read", "title": "Read", "article": first.article, "first_line": 1, "last_line": 1},
        {"key": "try", "kind": "practice", "title": "Try", "quiz": quiz},
    ]  # fmt: skip
    draft = LessonRevisionFactory(lesson=lesson, steps=steps)
    publishing.publish_lesson(revision=draft)
    return lesson.course, first, second


def test_every_text_that_learners_meet_travels(tmp_path):
    course, first, second = on_two_texts()
    copy, files = come_back(course, tmp_path)
    assert sum(name.endswith(".md") for name in files) == 2
    outline = Outline(copy)
    (asked,) = outline.questions.values()
    (quiz,) = outline.quiz_revisions.values()
    read = next(step for steps in outline.steps.values() for step in steps if step.article_revision)
    assert (asked.article_revision.text, asked.start) == (first.text, TOWN.index("The harbour"))
    assert quiz.pinned_article.text == first.text
    assert read.article_revision.text == second.text


def test_question_on_an_earlier_text_can_be_written_alone(tmp_path):
    first = articles_publishing.publish(revision=ArticleRevisionFactory(text=TOWN))
    quiz = QuizFactory(revision__questions=[QuestionFactory(revision__passage=From(first, 0, 31))])
    lesson = LessonFactory(revision__steps=[{"key": "q", "kind": "quiz", "title": "Quiz", "quiz": quiz}])
    revised(first, f"New on top.\n{TOWN}")
    copy, _files = come_back(lesson.course, tmp_path)
    (asked,) = Outline(copy).questions.values()
    assert (asked.article_revision.text, asked.start, asked.end) == (TOWN, 0, 31)


def test_course_that_comes_home_goes_on_with_its_own_rows(tmp_path):
    first = articles_publishing.publish(revision=ArticleRevisionFactory(text=TOWN))
    question = QuestionFactory(revision__passage=From(first, 0, 31), revision__title="Who met?")
    quiz = QuizFactory(revision__questions=[question], revision__title="The end")
    steps = [
        {"key": "read", "kind": "read", "title": "Read", "article": first.article, "first_line": 2, "last_line": 2},
        {"key": "q", "kind": "quiz", "title": "Quiz", "quiz": quiz},
    ]  # fmt: skip
    lesson = LessonFactory(revision__steps=steps)
    write(export(lesson.course), tmp_path)
    _bundle, changes = load(tmp_path, lesson.course.organisation)
    assert [change for change in changes.rows if change.what != "unchanged"] == []
    assert list(Quiz.objects.all()) == [quiz]
    assert list(Question.objects.all()) == [question]
    assert str(changes) == "nothing has changed"
    (ref,) = [name for name in export(lesson.course) if name.startswith("quizzes/")]
    (tmp_path / ref).write_text((tmp_path / ref).read_text().replace("The end", "An end"))
    load(tmp_path, lesson.course.organisation)
    quiz.refresh_from_db()
    assert (quiz.published.title, quiz.published.number) == ("An end", 2)


def test_what_a_quiz_draws_travels_to_a_site_whose_bank_is_empty(tmp_path):
    owner, skill = OrganisationFactory(), SkillFactory()
    titles = ["One", "Two", "Three"]
    bank = [
        QuestionFactory(organisation=owner, revision__title=title, revision__skills=[skill])
        for title in titles
    ]
    quiz = DraftQuizFactory(organisation=owner)
    slots = [Slot(bank[0], Decimal(1)), Slot(None, Decimal(1), Draw(skill, 2))]
    quizzes_publishing.publish_quiz(
        revision=quizzes_publishing.draft_quiz(quiz=quiz, slots=slots, title="Drawn")
    )
    lesson = LessonFactory(
        module__course__organisation=owner,
        revision__steps=[{"key": "q", "kind": "quiz", "title": "Quiz", "quiz": quiz}],
    )
    copy, files = come_back(lesson.course, tmp_path)
    assert "quizzes/bank.yaml" in files
    assert Quiz.objects.filter(organisation=copy.organisation).count() == 1
    brought = Question.objects.live().filter(organisation=copy.organisation)
    assert sorted(question.published.title for question in brought) == sorted(titles)


def test_a_step_does_not_ask_a_bank(tmp_path):
    quiz = QuizFactory()
    lesson = LessonFactory(revision__steps=[{"key": "q", "kind": "quiz", "title": "Quiz", "quiz": quiz}])
    write(export(lesson.course), tmp_path)
    (file,) = (tmp_path / "quizzes").iterdir()
    file.write_text(file.read_text().replace("mode: graded", "mode: bank"))
    with pytest.raises(BundleRefused, match="needs a quiz of mode graded"):
        load(tmp_path, OrganisationFactory())
