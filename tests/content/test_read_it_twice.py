"""What the shipped course promises, counted."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from articles import skills
from articles.text.words import words
from courses import enrolment
from courses.bundles.articles import ArticleContent
from courses.bundles.bundle import Bundle, read_bundle
from courses.bundles.faults import Faults
from courses.bundles.layers import MARGIN, Placed
from courses.bundles.lessons import LessonContent, StepContent
from courses.bundles.load import load
from courses.bundles.quizzes import QuestionContent, QuizContent
from courses.models import Course, Step
from quizzes.feedback import Feedback
from quizzes.models import Attempt, AttemptItem, Quiz
from quizzes.templatetags.reading import overlay
from quizzes.types import registry
from quizzes.types.mark_spans import Mark
from tests.content.readability import grade, syllables
from tests.content.source_runs import RUN, borrowed, digests, kept
from tests.contracts.repo_files import ROOT, every_text
from tests.factories.accounts import UserFactory

COURSE = ROOT / "fixtures" / "read-it-twice"
REAL = "empty-chair"
INVENTED = ("night-ferry", "phone-ban")
TEACHING = ("who-says-so", "reports-explains-urges", "words-that-judge")
CLOSING = "closing-quiz"
MARKED = ("attribution", "loaded-language")  # in passages; the third skill is asked by sorting
UNITS = {"classify": "units", "source_table": "rows"}  # where the key of a type that places them has them
OFFERING = {"mark_spans", "hottext"}  # types that ask in a passage
pure = pytest.mark.pure


def _read() -> Bundle:
    faults = Faults()
    bundle = read_bundle(COURSE, frozenset(skills.TITLES), faults)
    assert faults.found == []
    return bundle


BUNDLE = _read()
ARTICLES = {ref: article for ref, article in BUNDLE.articles.items() if article}
QUIZZES = {quiz.ref: quiz for quiz in BUNDLE.whole_quizzes()}
LESSONS = {lesson.ref: lesson for lesson in BUNDLE.whole_lessons()}
QUESTIONS = [question for quiz in QUIZZES.values() for question in quiz.questions]
each_article = pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.ref)
each_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.ref)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.ref)


def layer(article: ArticleContent, *kinds: str, skill: str = "") -> list[Placed]:
    """The annotations of these kinds, without the margins round short wording."""
    return [
        one
        for one in article.annotations or ()
        if one.kind in kinds and not one.ref.endswith(MARGIN) and skill in {"", one.skill}
    ]


def practices(lesson: LessonContent) -> list[QuizContent]:
    return [
        QUIZZES[step.part.quiz] for step in lesson.steps if step.part.kind == "practice" and step.part.quiz
    ]


def placed_units(question: QuestionContent) -> list[Any]:
    """Sentences to sort, or claims to give to a speaker, with what is accepted for each."""
    return list(getattr(question.key, UNITS[question.type]))


def closed_units(questions: list[QuestionContent]) -> Counter[str]:
    """Placed units that are a problem or sound; and options that are to be chosen, or left."""
    found: Counter[str] = Counter()
    for question in questions:
        prompt: Any = question.prompt
        key: Any = question.key
        if question.type in UNITS and prompt.problem:
            for unit in placed_units(question):
                if unit.accepted is not None:
                    found["problem" if unit.accepted[0] == prompt.problem else "sound"] += 1
        elif question.type == "multiple_choice":
            found["problem"] += len(key.right)
            found["sound"] += len(prompt.options) - len(key.right)
    return found


def keyed_spans(questions: list[QuestionContent]) -> Counter[str]:
    """Places that are offered to judge in passages: to find, or fine as written."""
    found: Counter[str] = Counter()
    for question in questions:
        if question.type in OFFERING:
            key: Any = question.key
            found["problem"] += sum(span.kind == "required" for span in key.spans)
            found["sound"] += sum(span.kind == "foil" for span in key.spans)
    return found


def sound_share(found: Counter[str]) -> float:
    return found["sound"] / found.total()


def shown_lines(step: StepContent) -> range:
    article = ARTICLES[step.part.article or ""]
    first, last = step.lines or (1, len(article.lines))
    return range(first, last + 1)


def read_steps() -> list[StepContent]:
    return [step for lesson in LESSONS.values() for step in lesson.steps if step.part.kind == "read"]


def explained(lesson: LessonContent) -> list[str]:
    return [step.part.body for step in lesson.steps if step.part.kind == "explain"]


def plain(markdown: str) -> str:
    """Without its signs; a list's entry and a heading are sentences of their own."""
    lines = [re.sub(r"^\s*(?:[->#]+|\d+\.)\s*|[*_]", "", line) for line in markdown.splitlines()]
    return "\n".join(line for line in lines if words(line))


def texts_of(question: QuestionContent) -> list[str]:
    """Everything in a prompt that a learner reads, its passage left out."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                if name not in {"ref", "passage", "skills", "granularity", "problem"}:
                    yield from walk(part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part)
        elif isinstance(value, str) and value:
            yield value

    return list(walk(question.prompt.model_dump(mode="json")))


# Balance ---------------------------------------------------------------------------------------
@pure
@pytest.mark.parametrize("ref", ["who-says-so", "words-that-judge", CLOSING])
def test_about_half_of_what_is_judged_one_by_one_is_sound(ref: str) -> None:
    """Where the skill knows problems; sorting by type of text is counted by category, below."""
    quizzes = practices(LESSONS[ref]) or [QUIZZES[CLOSING]]
    units = closed_units([one for quiz in quizzes for one in quiz.questions if "text-type" not in one.skills])
    assert units.total() >= 5
    assert 0.4 <= sound_share(units) <= 0.6


@pure
@pytest.mark.parametrize("skill", MARKED)
def test_about_half_of_the_places_offered_in_the_closing_quiz_are_sound(skill: str) -> None:
    questions = [one for one in QUIZZES[CLOSING].questions if skill in one.skills]
    assert 0.4 <= sound_share(keyed_spans(questions)) <= 0.6
    assert 0.4 <= sound_share(keyed_spans(questions) + closed_units(questions)) <= 0.6


@pure
@pytest.mark.parametrize("skill", MARKED)
def test_the_text_of_the_closing_quiz_holds_as_much_that_is_sound_as_faulty(skill: str) -> None:
    counted = Counter(one.kind for one in layer(ARTICLES["night-ferry"], "required", "foil", skill=skill))
    assert 0.4 <= counted["foil"] / counted.total() <= 0.6


@pure
@pytest.mark.parametrize("ref", ["who-says-so", "words-that-judge"])
def test_no_lesson_offers_more_problems_than_sound_places(ref: str) -> None:
    """In short passages natural density holds: more is sound than not."""
    questions = [question for quiz in practices(LESSONS[ref]) for question in quiz.questions]
    assert sound_share(keyed_spans(questions)) >= 0.4


@pure
@pytest.mark.parametrize(
    "question", [one for one in QUESTIONS if one.type in UNITS], ids=lambda question: question.ref
)
def test_sorting_takes_every_category_and_none_for_most(question: QuestionContent) -> None:
    prompt: Any = question.prompt
    counted = Counter(unit.accepted[0] for unit in placed_units(question) if unit.accepted)
    offered = prompt.categories if question.type == "classify" else prompt.speakers
    assert set(counted) == {one.ref for one in offered}
    assert max(counted.values()) <= 0.6 * counted.total()
    assert len(set(counted.values())) > 1  # else the last units follow from the others


@pure
@pytest.mark.parametrize("ref", ["who-practice", "judge-practice", CLOSING])
def test_a_whole_sound_passage_comes_and_is_praised(ref: str) -> None:
    marking: list[Any] = [one.key for one in QUIZZES[ref].questions if one.type == "mark_spans"]
    sound = [key for key in marking if all(span.kind != "required" for span in key.spans)]
    assert len(sound) >= 1
    assert all(key.praise for key in sound)


@pure
@pytest.mark.parametrize(
    "question",
    [one for one in QUESTIONS if one.type == "mark_spans" and getattr(one.key, "praise", "")],
    ids=lambda question: question.ref,
)
def test_praise_is_for_leaving_a_sound_passage_alone(question: QuestionContent) -> None:
    prompt: Any = question.prompt
    key: Any = question.key
    kind = registry.get(question.type)
    everything = {"skill": prompt.skills[0], "start": 0, "end": len(prompt.passage.text)}
    praised = []
    for response in (kind.Response(nothing_to_mark=True), kind.Response(marks=(Mark(**everything),))):
        outcome = kind.grade(prompt, key, response)
        judged = Feedback(outcome=outcome, key=key, response=response, headline="")
        praised.append(overlay(prompt, judged).praise)
    assert praised == [key.praise, ""]


# Keys ------------------------------------------------------------------------------------------
@pure
@each_question
def test_every_key_fits_its_prompt(question: QuestionContent) -> None:
    assert registry.get(question.type).check(question.prompt, question.key) == []


def feedback() -> Iterator[tuple[str, str]]:
    """Where each judged thing is, and what is said of it. Copied keys are those of the articles."""
    for article in ARTICLES.values():
        for one in layer(article, "required", "foil"):
            yield f"{article.ref} {one.ref}", one.rationale
    for question in QUESTIONS:
        for ref, said in told(question):
            yield f"{question.ref} {ref}", said


def told(question: QuestionContent) -> Iterator[tuple[str, str]]:
    """What a question's own key says of each thing that it judges, by type."""
    key: Any = question.key
    match question.type:
        case "classify" | "source_table":
            yield from ((unit.ref, unit.rationale) for unit in placed_units(question))
        case "mark_spans" | "hottext":
            if not question.copied:
                yield from ((span.ref, span.rationale) for span in key.spans if span.kind != "acceptable")
            if key.praise:
                yield "praise", key.praise
        case "single_choice" | "multiple_choice":
            yield from key.feedback.items()
        case "order":
            yield "order", key.rationale
            yield from ((ref, key.feedback.get(ref, "")) for ref in key.ranks)
        case "inline_choice":
            yield from ((f"{gap.ref} {ref}", said) for gap in key.gaps for ref, said in gap.feedback.items())
        case "rewrite":
            yield "sample", key.rationale
        case other:
            raise AssertionError(f"say what a key of type {other} tells")


@pure
def test_everything_that_is_judged_has_a_sentence_of_its_own() -> None:
    said = list(feedback())
    by_sentence: dict[str, list[str]] = {}
    for where, sentence in said:
        by_sentence.setdefault(" ".join(sentence.split()).casefold(), []).append(where)
    assert {where: sentence for sentence, where in by_sentence.items() if len(where) > 1} == {}
    assert [where for where, sentence in said if len(words(sentence)) < 3] == []
    assert len(said) > 200


@pure
def test_every_question_tells_a_reason() -> None:
    assert [one.ref for one in QUESTIONS if not one.copied and not list(told(one))] == []


@pure
def test_no_graded_question_waits_for_a_person() -> None:
    graded = [quiz for quiz in QUIZZES.values() if quiz.file.mode == "graded"]
    assert graded != []
    waiting = [
        one.ref for quiz in graded for one in quiz.questions if not registry.get(one.type).scores_itself
    ]
    assert waiting == []


@pure
def test_the_practices_ask_in_many_ways() -> None:
    asked = {one.type for ref in TEACHING for quiz in practices(LESSONS[ref]) for one in quiz.questions}
    assert asked >= {"source_table", "order", "inline_choice", "hottext", "rewrite"}


@pure
def test_what_is_rewritten_holds_facts_and_verdicts() -> None:
    rewrites: list[Any] = [one for one in QUESTIONS if one.type == "rewrite"]
    assert rewrites != []
    for one in rewrites:
        assert len(one.key.keep) >= 3
        assert len(one.key.drop) >= 2
        assert 2 <= len(one.prompt.criteria) <= 3
        assert one.prompt.self_check
        assert all(judging.instead for judging in one.key.drop)


@pure
@each_article
def test_each_text_has_foils_for_every_skill_that_is_marked_in_it(article: ArticleContent) -> None:
    asked = {
        skill
        for question in QUESTIONS
        if question.type == "mark_spans" and question.extract and question.extract.article.ref == article.ref
        for skill in question.skills
    }
    assert asked != set()
    assert [skill for skill in sorted(asked) if not layer(article, "foil", skill=skill)] == []


@pure
@each_article
def test_wording_to_find_has_two_readings_a_minority_and_a_margin(article: ArticleContent) -> None:
    found = layer(article, "required", skill="loaded-language")
    assert found != []
    assert [one.ref for one in found if one.readings < 2 or not one.minority or not one.instead] == []
    margins = {one.ref for one in article.annotations or () if one.ref.endswith(MARGIN)}
    assert margins == {one.ref + MARGIN for one in found}


@pure
@each_article
def test_every_fault_says_whom_it_hits(article: ArticleContent) -> None:
    faults = [one for one in layer(article, "required") if one.skill != "text-type"]
    assert [one.ref for one in faults if not one.party] == []


@pure
def test_in_the_real_dispute_no_party_is_hit_by_most_faults() -> None:
    kinds = ("required", "acceptable")
    for counted in (kinds[:1], kinds):
        hit = Counter(one.party for one in layer(ARTICLES[REAL], *counted) if one.party)
        assert len(hit) >= 3
        assert max(hit.values()) <= 0.6 * hit.total()


@pure
@pytest.mark.parametrize("ref", INVENTED)
def test_in_the_invented_disputes_both_sides_are_hit_alike(ref: str) -> None:
    hit = Counter(one.party for one in layer(ARTICLES[ref], "required") if one.party)
    assert len(hit) == 2
    assert len(set(hit.values())) == 1


# Lessons ---------------------------------------------------------------------------------------
@pure
@each_lesson
def test_explanations_are_short(lesson: LessonContent) -> None:
    lengths = [len(words(plain(body))) for body in explained(lesson)]
    assert max(lengths) <= 150
    assert sum(lengths) <= 400


@pure
@pytest.mark.parametrize("ref", TEACHING)
def test_a_lesson_practises_with_six_to_eight_items(ref: str) -> None:
    first, *rest = practices(LESSONS[ref])
    assert len(first.questions) <= 2  # a first try, before anything is explained
    assert [len(quiz.questions) in {6, 7, 8} for quiz in rest] == [True]


@pure
def test_the_closing_quiz_has_twelve_items_four_a_skill() -> None:
    quiz = QUIZZES[CLOSING]
    assert len(quiz.questions) == 12
    counted = Counter(skill for question in quiz.questions for skill in question.skills)
    assert counted == {"attribution": 4, "loaded-language": 4, "text-type": 4}


@pure
def test_the_closing_quiz_asks_of_no_paragraph_that_was_read_or_practised() -> None:
    seen = {(step.part.article, line) for step in read_steps() for line in shown_lines(step)}
    for lesson in LESSONS.values():
        for quiz in practices(lesson):
            for question in quiz.questions:
                if question.extract:
                    seen |= {(question.extract.article.ref, line) for line in question.extract.paragraphs}
    asked = {
        (question.extract.article.ref, line)
        for question in QUIZZES[CLOSING].questions
        if question.extract
        for line in question.extract.paragraphs
    }
    assert asked & seen == set()
    sentences = {
        article.text[start:end]
        for ref, article in ARTICLES.items()
        for number, (first, last) in enumerate(article.lines, start=1)
        if (ref, number) in seen
        for start, end in article.sentences
        if first <= start and end <= last
    }
    quoted = {text for question in QUIZZES[CLOSING].questions for text in texts_of(question)}
    assert quoted & sentences == set()


@pure
@each_lesson
def test_a_lesson_takes_as_long_as_its_steps(lesson: LessonContent) -> None:
    minutes = [step.part.minutes for step in lesson.steps]
    assert min(minutes) >= 1
    assert sum(minutes) == lesson.file.minutes


@pure
def test_the_short_route_leaves_a_minute_of_a_lesson_hour() -> None:
    steps = [step.part for lesson in LESSONS.values() for step in lesson.steps]
    assert 40 <= sum(step.minutes for step in steps if step.route) <= 44


@pure
@pytest.mark.parametrize("ref", TEACHING)
def test_a_lesson_tries_first_and_reads(ref: str) -> None:
    kinds = [step.part.kind for step in LESSONS[ref].steps]
    assert kinds[0] == "practice"
    assert "read" in kinds


@pure
@each_lesson
def test_every_lesson_ends_off_the_page(lesson: LessonContent) -> None:
    last = lesson.steps[-1].part
    assert (last.key, last.kind) == ("off-the-page", "explain")


@pure
def test_the_short_route_ends_off_the_page_too() -> None:
    last = LESSONS[CLOSING].steps[-1].part
    assert (last.key, last.route, last.minutes) == ("off-the-page", True, 1)


@pure
def test_the_closing_quiz_leaves_time_to_read() -> None:
    asked = [text for question in QUIZZES[CLOSING].questions for text in texts_of(question)]
    passages = [question.extract.text for question in QUIZZES[CLOSING].questions if question.extract]
    minutes = next(step.part.minutes for step in LESSONS[CLOSING].steps if step.part.kind == "quiz")
    assert len(words("\n".join(asked + passages))) <= 115 * minutes


@pure
@pytest.mark.parametrize(
    "question",
    [one for one in QUESTIONS if one.type == "mark_spans" and one.skills == {"attribution"}],
    ids=lambda question: question.ref,
)
def test_a_task_says_when_a_source_is_needed(question: QuestionContent) -> None:
    prompt: Any = question.prompt
    assert re.search(r"\bneeds?\b", prompt.task) or question.ref == "opening-gate"


# Texts -----------------------------------------------------------------------------------------
@pure
@each_article
def test_each_text_says_at_its_foot_whether_it_is_invented(article: ArticleContent) -> None:
    says = {"invented": " invented" in article.front.source, "real": " real" in article.front.source}
    assert says == {"invented": article.ref in INVENTED, "real": article.ref == REAL}
    assert "weak on purpose" in article.front.source
    assert article.front.content_note != ""


@pure
def test_the_retelling_has_500_to_800_words() -> None:
    assert 500 <= len(ARTICLES[REAL].words) <= 800


@pure
@pytest.mark.parametrize(
    ("word", "count"), [("cat", 1), ("made", 1), ("table", 2), ("parliament", 3), ("wanted", 2), ("60", 1)]
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


@pure
def test_a_hard_text_has_a_high_grade() -> None:
    hard = "Notwithstanding considerable organisational difficulties, international institutions deliberated."
    assert grade(hard) > 20
    assert grade("The cat sat on the mat. It was warm.") < 2


@pure
@each_article
def test_each_text_can_be_read_after_ten_years_of_school(article: ArticleContent) -> None:
    assert grade(article.text) <= 10


@pure
@each_lesson
def test_each_lesson_can_be_read_after_ten_years_of_school(lesson: LessonContent) -> None:
    quizzes = [QUIZZES[step.part.quiz] for step in lesson.steps if step.part.quiz]
    said = [plain(body) for body in explained(lesson)]
    said += [text for quiz in quizzes for question in quiz.questions for text in texts_of(question)]
    assert grade("\n".join(said)) <= 10


@pure
def test_what_feedback_says_can_be_read_after_ten_years_of_school() -> None:
    assert grade("\n".join(sentence for _where, sentence in feedback())) <= 10


# Facts -----------------------------------------------------------------------------------------
FACTS: list[dict[str, Any]] = yaml.safe_load((COURSE / "facts.yaml").read_text(encoding="utf-8"))["facts"]


@pure
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["ref"])
def test_a_fact_has_a_second_source_and_the_day_it_was_checked(fact: dict[str, Any]) -> None:
    assert len(fact["sources"]) >= 1
    for source in fact["sources"]:
        assert re.fullmatch(r"https://[^\s/]+/\S+", source["url"])
        assert source["publisher"].strip() != ""
        assert source["title"].strip() != ""
        assert source["date"] <= fact["checked_on"]


@pure
def test_every_paragraph_that_reports_the_real_dispute_has_facts() -> None:
    article = ARTICLES[REAL]
    told = {fact["paragraph"] for fact in FACTS if fact["article"] == REAL}
    reporting = set(range(1, len(article.lines)))  # the last one only urges
    assert told == reporting
    checked = {_line_of(article, one) for one in layer(article, "required", "foil") if one.fact_checked_on}
    assert checked - told == set()


def _line_of(article: ArticleContent, one: Placed) -> int:
    return next(number for number, (_, end) in enumerate(article.lines, start=1) if one.end <= end)


@pure
def test_every_figure_of_the_real_dispute_is_among_its_facts() -> None:
    figure = re.compile(r"\d+(?:,\d{3})*")
    known = {number for fact in FACTS for number in figure.findall(fact["fact"])}
    assert set(figure.findall(ARTICLES[REAL].text)) - known == set()


# Nothing is borrowed ---------------------------------------------------------------------------
@pure
def test_no_file_shares_eight_words_in_a_row_with_the_source() -> None:
    known = kept()
    assert len(known) > 1_000
    found = {name: runs for name, text in every_text() if (runs := borrowed(text, known))}
    assert found == {}


@pure
def test_a_borrowed_run_is_found_with_its_line() -> None:
    source = "On a grey day the harbour’s only crane fell into the sea, and nobody saw it fall."
    shared = "We begin.\nThen the harbour's ONLY crane fell -- into the sea; everybody saw it."
    assert borrowed(shared, digests(source)) == [(2, "the harbour's only crane fell into the sea")]
    assert borrowed("the harbour's only crane fell into the", digests(source)) == []
    assert len(digests(source)) == len(source.split()) - RUN + 1


# Loaded ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_course_is_loaded_once_and_whole() -> None:
    _bundle, changes = load(COURSE, Organisation.objects.shared())
    assert dict(changes.revised) == {
        "articles": len(ARTICLES),
        "questions": len(QUESTIONS),
        "quizzes": len(QUIZZES),
        "lessons": len(LESSONS),
    }
    assert str(load(COURSE, Organisation.objects.shared())[1]) == "nothing has changed"
    course = Course.objects.live().get()
    assert course.opening == Quiz.objects.get(ref="opening")
    assert Step.objects.count() == sum(len(lesson.steps) for lesson in LESSONS.values())


@pytest.mark.django_db
def test_a_learner_can_walk_the_whole_course(client: Client) -> None:
    load(COURSE, Organisation.objects.shared())
    course = Course.objects.get()
    learner = UserFactory()
    taken = enrolment.enrol(learner=learner, course=course)
    client.force_login(learner)
    for lesson in course.lessons.all():
        for step in lesson.published.steps.all():
            address = reverse("courses:step", kwargs={"uuid": lesson.uuid, "key": step.key})
            if step.quiz is None:
                assert client.get(address).status_code == 200
                assert client.post(address).status_code == 302
            else:
                _take(client, step.quiz)
    assert taken.step_progress.filter(done_at=None).count() == 0
    assert taken.step_progress.count() == Step.objects.count()
    assert client.get("/progress/").status_code == 200


def _take(client: Client, quiz: Quiz) -> None:
    """Open every question of the quiz, hand it in unanswered, and open every feedback."""
    client.post(reverse("quizzes:start", kwargs={"uuid": quiz.uuid}))
    attempt = Attempt.objects.get(quiz=quiz)
    addresses = [item.get_absolute_url() for item in AttemptItem.objects.filter(attempt=attempt)]
    assert {client.get(address).status_code for address in addresses} == {200}
    client.post(reverse("quizzes:submit", kwargs={"uuid": attempt.uuid}))
    shown = [client.get(address) for address in addresses]
    assert {(page.status_code, page.context["judged"] is None) for page in shown} == {(200, False)}


@pure
def test_lessons_come_in_the_order_of_the_skills() -> None:
    assert BUNDLE.course is not None
    (module,) = BUNDLE.course.file.modules
    assert module.lessons == (*TEACHING, CLOSING)
    assert [first != second for first, second in pairwise(module.lessons)] == [True] * 3
