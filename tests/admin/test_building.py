"""Quizzes, lessons and courses are built in the admin: rows in order, two authors, preview, check."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.models import Organisation
from articles import revising
from articles.publishing import publish
from courses.models import Course, Enrolment, Lesson, LessonRevision, Module, StepProgress
from quizzes.models import Attempt, Evidence, ItemScore, QuestionRevision, Quiz, QuizRevision
from quizzes.types import registry
from tests.admin.pages import act, address, form_data, page_of, said
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import ArticleFactory, SkillFactory
from tests.factories.courses import (
    EXPLAIN,
    CourseFactory,
    LessonFactory,
    LessonRevisionFactory,
)
from tests.factories.quizzes import (
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
)

pytestmark = pytest.mark.django_db


def row(prefix, index, **fields):
    return {f"{prefix}-{index}-{name}": value for name, value in fields.items()}


def save(client, draft, *, rows=(), prefix="", out=(), **fields):
    """Save a draft's page with these rows in the place of those that it has."""
    data = form_data(client.get(page_of(draft)))
    if prefix:
        data = {name: value for name, value in data.items() if not name.startswith(f"{prefix}-")}
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for index, one in enumerate(rows):
            data |= row(prefix, index, **one)
    response = client.post(page_of(draft), data | fields)
    draft.refresh_from_db()
    return response


def errors(response):
    """The errors of the form and of its rows, by field."""
    found = dict(response.context["adminform"].errors)
    for inline in response.context["inline_admin_formsets"]:
        for index, form_errors in enumerate(inline.formset.errors):
            found |= {f"{index}.{name}": list(texts) for name, texts in form_errors.items()}
    return {name: list(texts) for name, texts in found.items()}


# Quizzes -----------------------------------------------------------------------------------------
def test_a_quiz_is_made_with_its_first_draft(head):
    shared = Organisation.objects.shared()
    data = {"title": "Who says so?", "mode": "graded", "organisation": shared.pk}
    response = head.post(address(Quiz, "add"), data)
    draft = QuizRevision.objects.get()
    assert response["Location"] == page_of(draft)
    assert (draft.title, draft.quiz.mode, draft.quiz.ref, draft.quiz.organisation) == (
        "Who says so?",
        "graded",
        "who-says-so",
        shared,
    )


def test_slots_stand_as_their_numbers_say(head):
    draft, skill = QuizRevisionFactory(), SkillFactory()
    first, second = QuestionFactory(), QuestionFactory()
    rows = [
        {"question": first.pk, "points": "2", "ORDER": 3},
        {"draw_skill": skill.pk, "draw_count": 2, "draw_difficulty": "", "points": "", "ORDER": 1},
        {"question": second.pk, "points": "1", "ORDER": 2},
        {"question": QuestionFactory().pk, "ORDER": 4, "DELETE": "on"},
        {"points": "1", "ORDER": ""},
    ]
    assert save(head, draft, prefix="slots", rows=rows).status_code == 302
    assert list(draft.slots.values_list("position", "question", "draw_skill", "draw_count", "points")) == [
        (1, None, skill.pk, 2, 1),
        (2, second.pk, None, None, 1),
        (3, first.pk, None, None, 2),
    ]
    assert LogEntry.objects.get().get_change_message() == "Changed questions, in order."


def test_a_page_saved_unchanged_changes_nothing(head):
    quiz = QuizRevisionFactory(questions=[QuestionFactory(), QuestionFactory()], time_limit_s=90)
    lesson = LessonRevisionFactory(steps=[{**EXPLAIN, "body": "One.\n\nTwo."}])
    for draft, name in ((quiz, "slots"), (lesson, "steps")):
        before = list(getattr(draft, name).values())
        assert save(head, draft).status_code == 302
        after = list(getattr(draft, name).values())
        assert [one | {"id": 0} for one in after] == [one | {"id": 0} for one in before]
    assert quiz.time_limit_s == 90
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {"No fields changed."}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"points": "2"}], {"0.question": ["Choose a question, or a skill to draw from the bank."]}),
        ([{"draw_skill": "S"}], {"0.draw_count": ["Say how many to draw."]}),
        (
            [{"question": "Q", "draw_skill": "S", "draw_count": 1}],
            {"0.draw_skill": ["Choose a question or a draw, not both."]},
        ),
        ([{"question": "Q", "points": "0"}], {"0.points": ["Points must be above 0."]}),
        ([{"question": "999999"}], {"0.question": None}),
        ([{"question": "²"}], {"0.question": None}),
        ([{"question": "Q\0"}], {"0.question": None}),
        ([{"draw_skill": "x", "draw_count": "1"}], {"0.draw_skill": None}),
        ([{"draw_skill": "S", "draw_count": "99999999999"}], {"0.draw_count": None}),
        ([{"question": "Q"}, {"question": "Q"}], {"1.question": ["This question is in the quiz already."]}),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(head, rows, told):
    draft = QuizRevisionFactory()
    values = {"Q": QuestionFactory().pk, "S": SkillFactory().pk}
    filled = [{name: values.get(value, value) for name, value in one.items()} for one in rows]
    response = save(head, draft, prefix="slots", rows=filled, title="Typed")
    found = errors(response)
    assert found.keys() == told.keys()
    assert all(found[name] == texts for name, texts in told.items() if texts)
    assert 'value="Typed"' in response.content.decode()
    assert draft.title != "Typed"


@pytest.mark.parametrize(
    "hostile",
    [
        {"slots-TOTAL_FORMS": "99999"},
        {"slots-TOTAL_FORMS": "x"},
        {"slots-TOTAL_FORMS": "-1"},
        {"slots-INITIAL_FORMS": "7", "slots-0-id": "1"},
        {"slots-0-ORDER": "first"},
        {"slots-0-ORDER": str(2**63)},
        {"title": "a\0b"},
        {"title": "a" * 5_000},
        {"minutes": "1e999"},
        {"minutes": "NaN"},
        {"pinned": "²"},
        {"seen": "\0"},
    ],
    ids=str,
)
def test_hostile_forms_get_an_error_or_a_steady_result(head, hostile):
    draft = QuizRevisionFactory()
    before = list(draft.slots.values("position", "question", "points"))
    data = form_data(head.get(page_of(draft))) | hostile
    assert head.post(page_of(draft), data).status_code in (200, 302)
    assert list(draft.slots.values("position", "question", "points")) == before


def test_the_rules_of_a_quiz_are_typed_in_plain_units(head):
    draft, article = QuizRevisionFactory(), ArticleFactory()
    assert save(head, draft, minutes="1.5", attempts_allowed="2", pinned=article.pk).status_code == 302
    assert (draft.time_limit_s, draft.attempts_allowed, draft.pinned_article) == (90, 2, article.published)
    bad = save(head, draft, minutes="0.001", attempts_allowed="0", feedback="at_once")
    assert errors(bad).keys() == {"minutes", "attempts_allowed", "feedback"}


def test_the_panel_counts_signal_and_sound(head):
    questions = [QuestionFactory(revision__type=kind.slug) for kind in registry.all_types()]
    page = head.get(page_of(QuizRevisionFactory(questions=questions)))
    found = page.context["balance"]
    assert (found.questions, found.unread) == (len(questions), 0)
    assert found.signal >= 2
    assert found.sound >= 2
    assert found.by_skill[0][1] == len(questions)


def test_a_drafts_page_takes_as_many_queries_for_many_rows_as_for_one(head):
    def queries(draft):
        with CaptureQueriesContext(connection) as made:
            assert head.get(page_of(draft)).status_code == 200
        return len(made)

    def lesson(size):
        steps = [{**EXPLAIN, "key": "a"}]
        for index in range(size):
            steps.append({"key": f"r{index}", "kind": "read", "title": "R", "article": ArticleFactory()})
            steps.append({"key": f"q{index}", "kind": "quiz", "title": "Q", "quiz": QuizFactory()})
        return LessonRevisionFactory(steps=steps)

    def quiz(size):
        return QuizRevisionFactory(questions=[QuestionFactory() for _ in range(size)])

    for make in (quiz, lesson):
        queries(make(1))  # what is looked up once a process
        one, many = queries(make(1)), queries(make(4))
        assert one == many <= 20


# Two authors -------------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [QuizRevisionFactory, LessonRevisionFactory])
def test_the_second_of_two_authors_is_told_and_loses_nothing(head, make):
    draft = make()
    other = Client()
    other.force_login(StaffFactory(is_superuser=True, display_name="Anahit"))
    mine = form_data(head.get(page_of(draft)))
    save(other, draft, title="Theirs")
    response = head.post(page_of(draft), mine | {"title": "Mine"})
    (message,) = response.context["adminform"].errors["__all__"]
    assert message.startswith("Anahit saved this draft at ")
    assert 'value="Mine"' in response.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Theirs"
    assert head.post(page_of(draft), form_data(response) | {"title": "Mine"}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Mine"


# Lessons and courses -----------------------------------------------------------------------------
def test_a_course_grows_from_nothing(head):
    shared = Organisation.objects.shared()
    made = {"title": "Read", "organisation": shared.pk, "language": "en", "licence": ""}
    course_page = head.post(address(Course, "add"), made)["Location"]
    course = Course.objects.get()
    data = form_data(head.get(course_page))
    new = {"modules-TOTAL_FORMS": 1} | row("modules", 0, title="First", position="")
    assert head.post(course_page, data | new).status_code == 302
    module = Module.objects.get()
    assert (module.ref, module.position, module.course) == ("first", 1, course)
    response = head.post(address(Lesson, "add"), {"title": "Ask", "module": module.pk})
    draft = LessonRevision.objects.get()
    assert response["Location"] == page_of(draft)
    rows = [{"kind": "explain", "title": "Why", "body": "Because.\r\n\r\nSo.", "minutes": "3", "ORDER": 1}]
    assert save(head, draft, prefix="steps", rows=rows, _publish="1").status_code == 302
    step = draft.steps.get()
    assert (step.key, step.body, draft.minutes, draft.is_draft) == ("why", "Because.\n\nSo.", 3, False)
    response = head.post(f"/admin/courses/course/{course.pk}/open/", follow=True)
    assert said(response)[-1] == "The course is open to learners."


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "explain", "title": "A"}, {"0.body"}),
        ({"kind": "explain", "body": "A"}, {"0.title"}),
        ({"kind": "read", "title": "A"}, {"0.article"}),
        ({"kind": "quiz", "title": "A"}, {"0.quiz"}),
        ({"kind": "practice", "title": "A", "quiz": "G"}, {"0.quiz"}),
        ({"kind": "explain", "title": "A", "body": "B", "article": "A"}, {"0.article"}),
        ({"kind": "read", "article": "A", "first_line": "3"}, {"0.first_line"}),
        ({"kind": "read", "article": "A", "last_line": "9"}, {"0.last_line"}),
        ({"kind": "read", "article": "A", "first_line": "2", "last_line": "1"}, {"0.last_line"}),
        ({"kind": "nothing", "title": "A"}, {"0.kind"}),
        ({"kind": "explain", "title": "A", "body": "B", "minutes": "-1"}, {"0.minutes"}),
    ],
)
def test_a_step_that_does_not_fit_its_kind_is_refused_beside_its_field(head, fields, told):
    values = {"A": ArticleFactory(revision__text="One.\nTwo.").pk, "G": QuizFactory(mode="graded").pk}
    filled = {n: values[v] if n in ("article", "quiz") else v for n, v in fields.items()}
    draft = LessonRevisionFactory()
    response = save(head, draft, prefix="steps", rows=[filled])
    assert errors(response).keys() == told
    assert list(draft.steps.values_list("key", flat=True)) == ["explain"]


def test_a_reading_is_called_like_its_article_and_ends_where_it_ends(head):
    article = ArticleFactory(revision__title="The pier", revision__text="One.\nTwo.\nThree.")
    draft = LessonRevisionFactory()
    rows = [{"kind": "read", "article": article.pk, "first_line": "2"}]
    assert save(head, draft, prefix="steps", rows=rows).status_code == 302
    step = draft.steps.get()
    assert (step.title, step.key, step.first_line, step.last_line) == ("The pier", "the-pier", 2, 3)


def drafts() -> LessonRevision:
    question = QuestionRevisionFactory(title="The pier").question
    quiz = QuizRevisionFactory(title="The end", questions=[question]).quiz
    return LessonRevisionFactory(
        steps=[EXPLAIN, {"key": "end", "kind": "quiz", "title": "End", "quiz": quiz}]
    )


def test_what_is_wrong_is_listed_with_links_and_drafts_are_published_together(head):
    draft = drafts()
    response = save(head, draft, _publish="1")
    assert response["Location"] == f"/admin/courses/lessonrevision/{draft.pk}/check/"
    page = head.get(response["Location"])
    links = [url for _fault, url in page.context["faults"]]
    assert links == [page_of(QuizRevision.objects.get()), page_of(QuestionRevision.objects.get())]
    assert all(f'href="{link}"' in page.content.decode() for link in links)
    assert "Publish the lesson and these 2 drafts together" in page.content.decode()
    done = head.post(page.context["together_url"], follow=True)
    assert said(done) == ["3 things were published together."]
    draft.refresh_from_db()
    assert not draft.is_draft


def test_the_preview_is_the_learners_own_pages_and_stores_nothing(head):
    draft = drafts()
    start = f"/admin/courses/lessonrevision/{draft.pk}/preview/"
    explain = head.get(start, follow=True)
    assert explain.templates[0].name == "courses/step_explain.html"
    assert "Every claim has an owner." in explain.content.decode()
    question = head.post(f"{start}explain/", follow=True)
    assert question.redirect_chain[-1][0] == f"{start}end/1/"
    assert "quizzes/item.js" not in question.content.decode()
    example = registry.get("single_choice").example
    judged = head.post(f"{start}end/1/", {"chosen": example.right.chosen})
    assert "Your answer: right" in judged.content.decode()
    assert head.post(f"{start}end/1/", {"chosen": "nonsense"}).status_code == 200
    assert [head.get(f"{start}{path}").status_code for path in ("nowhere/", "end/2/", "end/0/")] == [404] * 3
    for model in (Attempt, ItemScore, Evidence, Enrolment, StepProgress):
        assert not model.objects.exists()


def test_every_type_is_previewed_and_judged_while_it_is_a_draft(head):
    made = [QuestionRevisionFactory(type=kind.slug).question for kind in registry.all_types()]
    quiz = QuizRevisionFactory(questions=made, pinned_article=ArticleFactory().published).quiz
    draft = LessonRevisionFactory(steps=[{"key": "q", "kind": "quiz", "title": "Q", "quiz": quiz}])
    for place in range(1, len(made) + 1):
        url = f"/admin/courses/lessonrevision/{draft.pk}/preview/q/{place}/"
        assert (head.get(url).status_code, head.post(url, {}).status_code) == (200, 200)


def test_markdown_is_shown_as_learners_read_it(head):
    url = "/admin/courses/lessonrevision/markdown/"
    shown = head.post(url, {"text": "*a* <script>b</script>\0"}).content.decode()
    assert shown == "<p><em>a</em> &lt;script&gt;b&lt;/script&gt;</p>\n"
    assert head.get(url).status_code == 403


# Revisions ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [QuizFactory, LessonFactory, QuestionFactory])
def test_a_new_revision_is_started_compared_and_discarded(head, make):
    thing = make()
    thing.refresh_from_db()
    base = page_of(thing).removesuffix("change/")
    assert "Start a new revision" in head.get(page_of(thing)).content.decode()
    response = head.post(f"{base}revise/")
    draft = thing.revisions.drafts().get()
    assert response["Location"] == page_of(draft)
    assert head.post(f"{base}revise/")["Location"] == page_of(draft)  # there is one only
    assert "Continue the draft" in head.get(page_of(thing.published)).content.decode()
    differences = head.get(f"{base}differences/")
    assert (differences.context["old"], differences.context["new"]) == (thing.published, draft)
    assert "Nothing that a reader meets is different." in differences.content.decode()
    told = [event.what for event, _url in head.get(f"{base}history/").context["events"]]
    assert set(told) == {
        "Revision 1 was begun.",
        "Revision 1 was published.",
        "Revision 2 was begun.",
        "Started as a copy of what is published.",
    }
    discard = page_of(draft).replace("change", "discard")
    assert "for good" in head.get(discard).content.decode()
    head.post(discard)
    assert not thing.revisions.drafts().exists()


@pytest.mark.parametrize("query", ["?old=x&new=²", "?old=999", "?new=\0", "?old=1&new=1"])
def test_numbers_that_no_revision_has_are_passed_over(head, query):
    quiz = QuizFactory()
    assert head.get(f"/admin/quizzes/quiz/{quiz.pk}/differences/{query}").status_code == 200


# Access ------------------------------------------------------------------------------------------
def test_what_another_organisation_builds_is_not_there(client):
    author = with_role(StaffFactory(), roles.AUTHOR)
    OrganisationMemberFactory(user=author)
    client.force_login(author)
    elsewhere = OrganisationFactory()
    quiz = QuizFactory(organisation=elsewhere)
    draft = LessonRevisionFactory(lesson__module__course=CourseFactory(organisation=elsewhere))
    lesson, quiz_page = f"/admin/courses/lessonrevision/{draft.pk}/", f"/admin/quizzes/quiz/{quiz.pk}/"
    course = f"/admin/courses/course/{draft.lesson.course_id}/"
    guessed = [f"{lesson}preview/", f"{lesson}preview/explain/", f"{lesson}check/", f"{lesson}discard/"]
    guessed += [f"{quiz_page}differences/", f"{quiz_page}history/", f"{course}check/"]
    assert {url: client.get(url).status_code for url in guessed} == dict.fromkeys(guessed, 404)
    posted = [f"{quiz_page}revise/", f"{lesson}together/", f"{course}open/"]
    assert {url: client.post(url).status_code for url in posted} == dict.fromkeys(posted, 404)


def test_autocomplete_calls_things_by_their_titles(head):
    QuestionRevisionFactory(title="The Пирс")
    found = {"app_label": "quizzes", "model_name": "quizslot", "field_name": "question", "term": "ПИРС"}
    response = head.get("/admin/autocomplete/", found)
    assert [one["text"] for one in json.loads(response.content)["results"]] == ["The Пирс (draft)"]


def test_an_author_builds_and_a_reviewer_publishes(client):
    author, reviewer = (with_role(StaffFactory(), role) for role in (roles.AUTHOR, roles.REVIEWER))
    ours = OrganisationMemberFactory(user=author).organisation
    OrganisationMemberFactory(user=reviewer, organisation=ours)
    client.force_login(author)
    page = client.post(address(Quiz, "add"), {"title": "Ours", "mode": "graded", "organisation": ours.pk})
    draft = QuizRevision.objects.get()
    assert page["Location"] == page_of(draft)
    rows = [{"question": QuestionFactory().pk, "points": "1"}]
    assert "_publish" not in client.get(page_of(draft)).content.decode()
    assert save(client, draft, prefix="slots", rows=rows, _publish="1").status_code == 302
    assert (draft.slots.count(), draft.is_draft) == (1, True)
    foreign = {"title": "Theirs", "mode": "graded", "organisation": OrganisationFactory().pk}
    assert client.post(address(Quiz, "add"), foreign).status_code == 200
    assert Quiz.objects.count() == 1
    course = client.post(address(Course, "add"), {"title": "C", "organisation": ours.pk, "language": "en"})
    data = form_data(client.get(course["Location"])) | {"modules-TOTAL_FORMS": 1, "modules-0-title": "M"}
    assert client.post(course["Location"], data).status_code == 302
    client.post(address(Lesson, "add"), {"title": "L", "module": Module.objects.get().pk})
    lesson = LessonRevision.objects.get()
    step = {"kind": "quiz", "quiz": draft.quiz_id, "minutes": "1"}
    assert save(client, lesson, prefix="steps", rows=[step]).status_code == 302
    together = f"/admin/courses/lessonrevision/{lesson.pk}/together/"
    assert client.post(together).status_code == 403
    client.force_login(reviewer)
    assert said(client.post(together, follow=True)) == ["2 things were published together."]


# Paragraphs of another text ----------------------------------------------------------------------
def reading(head, text, **columns):
    """A lesson's draft with one reading step on a published text, and its row as the page shows it."""
    article = ArticleFactory(revision__text=text)
    step = {"key": "it", "kind": "read", "title": "Read it", "article": article, **columns}
    draft = LessonRevisionFactory(steps=[step])
    shown = form_data(head.get(page_of(draft)))
    own = {name[8:]: value for name, value in shown.items() if name.startswith("steps-0-")}
    return article, draft, own


def publish_text(article, text):
    draft = revising.revise(article=article)
    revising.edit(revision=draft, text=text, blocks=["p"] * (text.count("\n") + 1))
    draft.refresh_from_db()
    return publish(revision=draft)


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        pytest.param("On top.\nThe board voted.\nIt wants the pier.", (2, 2), id="moved"),
        pytest.param("It wants the pier.\nNobody else does.", (1, 1), id="without a place"),
    ],
)
def test_paragraphs_of_another_text_are_looked_at_again(head, now, kept):
    article, draft, own = reading(head, "The board voted.\nIt wants the pier.", first_line=1, last_line=1)
    newer = publish_text(article, now)
    # A page from before, whose moment was brought up to date: what stands in the rows is of the older text.
    refused = save(head, draft, rows=[own], prefix="steps")
    assert errors(refused) == {
        "0.first_line": [
            "The article has a new text. Look which paragraphs of it are to be shown, and save again."
        ]
    }
    again = form_data(refused)
    assert head.post(page_of(draft), again | {"steps-0-first_line": kept[0], "steps-0-last_line": kept[1]})
    step = draft.steps.get()
    assert (step.first_line, step.last_line, step.article_revision) == (*kept, newer)


# What learners have beside them -------------------------------------------------------------------
def test_a_quiz_that_learners_meet_is_not_archived(head):
    quiz, other = QuizFactory(revision__title="The end"), QuizFactory()
    lesson = LessonFactory(revision__steps=[{"key": "q", "kind": "quiz", "title": "Quiz", "quiz": quiz}])
    told = said(act(head, "archive", quiz, other))
    quiz.refresh_from_db()
    other.refresh_from_db()
    assert (quiz.archived_at is None, other.archived_at is None) == (True, False)
    assert (
        f"“{quiz}” is not archived: learners meet it now. Take it out of its lessons and classes first."
        f" (“{lesson.course.title}”, “{lesson.published.title}”)"
    ) in told
    Lesson.objects.filter(pk=lesson.pk).update(archived_at="2026-01-01T00:00Z")
    act(head, "archive", quiz)
    quiz.refresh_from_db()
    assert quiz.archived_at is not None


def test_the_new_text_of_a_pinned_article_is_asked_for(head):
    article = ArticleFactory(revision__text="The board voted.")
    first = article.published
    draft = QuizRevisionFactory(pinned_article=first)
    assert 'type="hidden" name="newest"' in head.get(page_of(draft)).content.decode()
    second = publish_text(article, "The board voted twice.")
    assert "Lay the article&#x27;s new text beside" in head.get(page_of(draft)).content.decode()
    save(head, draft)
    assert draft.pinned_article == first
    save(head, draft, newest="on")
    assert draft.pinned_article == second


@pytest.mark.parametrize("make", [QuizRevisionFactory, LessonRevisionFactory, QuestionRevisionFactory])
def test_a_first_draft_is_not_discarded_for_nothing_would_be_left(head, make):
    draft = make()
    told = said(head.post(address(type(draft), "discard", draft.pk), follow=True))
    assert type(draft).objects.filter(pk=draft.pk).exists()
    assert "was never published, and this draft is all there is of it" in str(told)
