"""Writing a question in the admin: rows, refusals, two authors, roles, what comes from where."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.models import Organisation
from articles import revising
from articles.publishing import publish
from courses.bundles.load import load
from quizzes import authoring, building
from quizzes.admin.desk import Desk
from quizzes.admin.forms import form_of
from quizzes.models import Question, QuestionKey, QuestionRevision
from quizzes.publishing import publish_question
from quizzes.types import registry
from tests.admin.pages import address, errors_of, form_data, page_of, said
from tests.admin.staff import with_role
from tests.contracts.repo_files import ROOT
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import AnnotationFactory, ArticleFactory, SkillFactory
from tests.factories.quizzes import DraftQuestionFactory, QuestionFactory, QuestionRevisionFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/quizzes/questionrevision/add/"
SINGLE = {
    "skill": "attribution",
    "task": "Who says so here?",
    "options-0-ref": "options-1",
    "options-0-text": "The mayor",
    "options-0-feedback": "She is quoted.",
    "options-right": "options-1",
    "options-1-ref": "options-2",
    "options-1-text": "Nobody",
    "options-1-feedback": "Somebody is named.",
}


def staff_of(client, role, organisation=None):
    person = with_role(StaffFactory(), role)
    OrganisationMemberFactory(organisation=organisation or OrganisationFactory(), user=person)
    client.force_login(person)
    return person


def posted(fields):
    query = QueryDict(mutable=True)
    for name, value in fields.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def test_every_question_of_the_course_comes_back_from_its_form_unchanged():
    load(ROOT / "fixtures" / "read-it-twice", Organisation.objects.shared())
    author = StaffFactory(is_superuser=True)
    revisions = QuestionRevision.objects.select_related("article_revision").order_by("pk")
    assert len(revisions) > 30
    changed = []
    for revision in revisions:
        desk = Desk(form_of(revision.type), author, revision)
        sent = posted(desk.lay(desk.stored_values()).data())
        values, written = desk.judge(desk.posted(sent))
        key = QuestionKey.objects.get(revision=revision).key
        before = revision.asked, registry.load(revision.type, "key", key, revision.schema_version)
        place = (revision.article_revision, revision.start, revision.end)
        after = tuple(written.passage or (None, None, None))
        kept = set(desk.skills(values)) == {skill.slug for skill in revision.skills.all()}
        if written.errors or (written.prompt, written.key) != before or place != after or not kept:
            changed.append((revision.question.ref, dict(written.errors.by_name)))
    assert changed == []


def typed(data):
    """What an author wrote, wherever it stands on the page."""
    return {value for name, value in data.items() if isinstance(value, str) and not name.endswith("-ref")}


REFUSED = [
    ("single_choice", {"task": " "}, {"task": "Write what the learner is to do."}),
    ("single_choice", {"options-right": ""}, {"options": "Say which option is right."}),
    ("single_choice", {"options-1-text": ""}, {"options-1-text": "Write the option, or remove it."}),
    ("single_choice", {"options-1-feedback": ""}, {"options-1-feedback": "Say why this is right or wrong."}),
    (
        "single_choice",
        {"options-0-also": "on", "options-1-also": "on", "options-2-also": "on"},
        {"options": "Every option is right. Offer at least one that is not."},
    ),
    ("single_choice", {"difficulty": "9"}, {"difficulty": "Choose one of those offered."}),
    ("single_choice", {"skill": "x"}, {"skill": "Choose one of those offered."}),
    ("single_choice", {"title": "x" * 121}, {"title": "This is too long: write at most 120 characters."}),
    (
        "single_choice",
        {"task": "a\0b"},
        {"task": "This holds a character that cannot be kept. Delete it and type it again."},
    ),
    ("true_false", {"right": ""}, {"right": "Say whether it is true or false."}),
    ("true_false", {"feedback_false": ""}, {"feedback_false": "Say why “false” is right or wrong."}),
    (
        "classify",
        {"units-0-accepted": ""},
        {"units-0-accepted": "Say where it belongs, or that readers are divided."},
    ),
    (
        "classify",
        {"units-0-accepted": "gone"},
        {"units-0-accepted": "What was chosen here is gone. Choose again."},
    ),
    ("match", {"rows-1-accepted": ""}, {"rows-1-accepted": "Choose at least one."}),
    ("match", {"rows-1-rationale": ""}, {"rows-1-rationale": "Say why, in a sentence or two."}),
    ("order", {"options-0-rank": ""}, {"options-0-rank": "Give the item a rank: 1 for the first."}),
    ("order", {"options-0-rank": "first"}, {"options-0-rank": "Write a whole number."}),
    ("order", {"options-0-rank": "0"}, {"options-0-rank": "Write a number that is not below 1."}),
    ("inline_choice", {"text": "No gap."}, {"text": "[gap 1] must stand once in the text."}),
    (
        "inline_choice",
        {"gaps-0-options-0-text": ""},
        {"gaps-0-options-0-text": "Write the wording, or remove it."},
    ),
    (
        "short_answer",
        {"accepted-0-fraction": "2"},
        {"accepted-0-fraction": "Write a number that is not above 1."},
    ),
    (
        "short_answer",
        {"accepted-0-text": "!!"},
        {"accepted-0-text": "Nothing of “!!” is left to compare. Use letters or digits."},
    ),
    ("number", {"value": "ten"}, {"value": "Write a number with digits only, such as 12 or -0.5."}),
    ("number", {"abs_tol": "-1"}, {"abs_tol": "This must not be below 0."}),
    (
        "rewrite",
        {"criteria-0-levels-0-points": "1"},
        {"criteria-0": "“Facts”: the first level is worth 1 points, and must be worth 0."},
    ),
    ("rewrite", {"sample": "We spent it."}, {"sample": "It does not keep “the day”, by the wordings given."}),
    (
        "source_table",
        {"speakers-1-text": ""},
        {"rows-1-accepted": "What was chosen here is gone. Choose again."},
    ),
    (
        "mark_spans",
        {"spans-0-quote": "nowhere to be seen"},
        {"spans-0-quote": "“nowhere to be seen” is not there."},
    ),
    ("mark_spans", {"spans-0-readings": "many"}, {"spans-0-readings": "Write a whole number."}),
    ("hottext", {"offered-0-rationale": ""}, {"offered-0-rationale": "“old”: say why."}),
    (
        "hottext",
        {"article": "999"},
        {"article": "This article is not there, or not for you. Choose another."},
    ),
]


@pytest.mark.parametrize(("slug", "fields", "expected"), REFUSED)
def test_a_fault_is_said_beside_its_field_and_nothing_typed_is_lost(head, slug, fields, expected):
    asked = getattr(registry.get(slug).example.prompt, "skills", ("attribution",))
    draft = QuestionRevisionFactory(type=slug, skills=[SkillFactory(slug=one) for one in asked])
    data = {**form_data(head.get(page_of(draft))), **fields}
    response = head.post(page_of(draft), data)
    found = errors_of(response)
    assert {name: found.get(name, [""])[0] for name in expected} == expected
    assert typed(data) <= typed(form_data(response))


@pytest.mark.parametrize(
    ("do", "texts"),
    [
        ("add:options", ["The mayor", "Nobody", ""]),
        ("up:options-1", ["Nobody", "The mayor"]),
        ("down:options-0", ["Nobody", "The mayor"]),
        ("remove:options-0", ["Nobody", ""]),
        ("up:options-0", ["The mayor", "Nobody"]),
        ("remove:options-77", ["The mayor", "Nobody"]),
        ("remove:task-0", ["The mayor", "Nobody"]),
        ("add:options-0-text", ["The mayor", "Nobody"]),
        ("\0", ["The mayor", "Nobody"]),
        ("pick", ["The mayor", "Nobody"]),
    ],
)
def test_buttons_of_rows_work_without_script_and_save_nothing(head, do, texts):
    response = head.post(f"{ADD}?type=single_choice", {**SINGLE, "do": do})
    data = form_data(response)
    assert [data[f"options-{at}-text"] for at in range(len(texts))] == texts
    assert f"options-{len(texts)}-text" not in data
    assert data["options-right" if "options-right" in data else "task"] in {"options-1", SINGLE["task"]}
    assert not Question.objects.exists()


def test_refs_stay_when_rows_move_and_are_made_where_there_is_none(head):
    SkillFactory()
    moved = form_data(head.post(f"{ADD}?type=single_choice", {**SINGLE, "do": "up:options-1"}))
    head.post(f"{ADD}?type=single_choice", {**moved, "options-0-ref": "Not a ref"})
    draft = QuestionRevision.objects.get()
    assert [(one["ref"], one["text"]) for one in draft.prompt["options"]] == [
        ("options-2", "Nobody"),
        ("options-1", "The mayor"),
    ]
    assert draft.answer_key.key["right"] == ["options-1"]
    assert (draft.title, draft.question.ref) == ("Who says so here?", "who-says-so-here")


def test_the_second_author_is_told_and_may_overwrite(client):
    organisation = OrganisationFactory()
    draft = QuestionRevisionFactory(question=DraftQuestionFactory(organisation=organisation))
    first = staff_of(client, roles.AUTHOR, organisation)
    mine = form_data(client.get(page_of(draft)))
    second = staff_of(client, roles.AUTHOR, organisation)
    theirs = form_data(client.get(page_of(draft)))
    client.force_login(first)
    assert client.post(page_of(draft), {**mine, "task": "Mine?"}).status_code == 302
    client.force_login(second)
    told = client.post(page_of(draft), {**theirs, "task": "Theirs?"})
    assert told.context["conflict"]["by"] == first
    assert form_data(told)["task"] == "Theirs?"
    again = client.post(page_of(draft), {**form_data(told), "task": "Theirs?"})
    assert again.context["conflict"]["by"] == first
    draft.refresh_from_db()
    assert draft.prompt["task"] == "Mine?"
    assert client.post(page_of(draft), {**form_data(told), "_overwrite": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.prompt["task"] == "Theirs?"


def test_a_third_author_whom_the_second_never_saw_is_not_overwritten(head):
    draft = QuestionRevisionFactory()

    def form():
        return form_data(head.get(page_of(draft)))

    mine = form()
    assert head.post(page_of(draft), {**form(), "task": "The second?"}).status_code == 302
    told = head.post(page_of(draft), {**mine, "task": "Mine?"})
    assert head.post(page_of(draft), {**form(), "task": "The third?"}).status_code == 302
    again = head.post(page_of(draft), {**form_data(told), "_overwrite": "1"})
    draft.refresh_from_db()
    assert (again.context["conflict"]["at"], draft.prompt["task"]) == (draft.updated_at, "The third?")
    assert f'name="theirs" value="{draft.updated_at.isoformat()}"' in again.content.decode()
    assert head.post(page_of(draft), {**form_data(again), "_overwrite": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.prompt["task"] == "Mine?"


def test_a_question_is_confirmed_as_it_was_shown(head):
    draft = QuestionRevisionFactory()
    draft.to_confirm = True
    draft.save()
    page = head.get(page_of(draft)).content.decode()
    assert f'name="seen" value="{draft.updated_at.isoformat()}"' in page
    url = address(QuestionRevision, "confirm", draft.pk)
    for seen in ({}, {"seen": "2020-01-01T00:00:00+00:00"}):
        assert "Read it as it is now" in said(head.post(url, seen, follow=True))[0]
    draft.refresh_from_db()
    assert draft.to_confirm
    head.post(url, {"seen": draft.updated_at.isoformat()})
    draft.refresh_from_db()
    assert not draft.to_confirm


@pytest.mark.parametrize("seen", ["nonsense", "2020-01-01", "9999-12-31T23:59:59"])
def test_a_moment_that_is_none_is_asked_about(head, seen):
    draft = QuestionRevisionFactory()
    data = form_data(head.get(page_of(draft)))
    assert head.post(page_of(draft), {**data, "seen": seen}).context["conflict"]["by"] is None


def test_a_draft_that_was_published_meanwhile_keeps_what_was_typed(head, monkeypatch):
    draft = QuestionRevisionFactory()
    data = form_data(head.get(page_of(draft)))
    rewrite = authoring.rewrite_draft

    def too_late(**given):
        publish_question(revision=QuestionRevision.objects.get(pk=draft.pk))
        return rewrite(**given)

    monkeypatch.setattr(authoring, "rewrite_draft", too_late)
    response = head.post(page_of(draft), {**data, "task": "Mine?"})
    assert "published and never changes" in errors_of(response)[""][0]
    assert form_data(response)["task"] == "Mine?"


def test_an_author_saves_and_a_reviewer_publishes(client):
    SkillFactory()
    organisation = OrganisationFactory()
    staff_of(client, roles.AUTHOR, organisation)
    page = client.get(f"{ADD}?type=single_choice")
    assert b"_publish" not in page.content
    client.post(f"{ADD}?type=single_choice", {**SINGLE, "_publish": "1"})
    draft = QuestionRevision.objects.get()
    assert (draft.is_draft, draft.question.organisation) == (True, organisation)
    staff_of(client, roles.REVIEWER, organisation)
    page = client.get(page_of(draft))
    assert b"_publish" in page.content
    done = client.post(page_of(draft), {**form_data(page), "_publish": "1"}, follow=True)
    assert said(done) == ["Saved and published."]
    assert Question.objects.get().published == draft


@pytest.mark.parametrize("role", [roles.TEACHER, roles.AUTHOR])
def test_a_guessed_address_leads_nowhere(client, role):
    draft, foreign = QuestionRevisionFactory(), ArticleFactory(organisation=OrganisationFactory()).published
    staff_of(client, role)
    data = {**SINGLE, "seen": ""}
    away = [
        client.post(address(QuestionRevision, "preview", draft.pk), data).status_code,
        client.get(address(QuestionRevision, "from_annotations", foreign.pk)).status_code,
        client.post(page_of(draft), data).status_code,
    ]
    assert away == [404, 403 if role == roles.TEACHER else 404, 404]
    if role == roles.AUTHOR:
        known = {"type": "mark_spans", "task": "x", "article": foreign.pk, "first": "1"}
        refused = client.post(f"{ADD}?type=mark_spans", known)
        assert errors_of(refused)["article"] == ["This article is not there, or not for you. Choose another."]
        assert "night ferry" not in refused.content.decode()
    draft.refresh_from_db()
    assert draft.prompt["task"] != SINGLE["task"]


def test_the_page_takes_few_queries_however_much_there_is(head):
    draft = QuestionRevisionFactory(type="mark_spans")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            head.get(page_of(draft))
        return len(captured)

    queries()
    one = queries()
    for _more in range(3):
        ArticleFactory()
    assert queries() == one <= 20


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("The stallholders", "Scores 100 %. That is right."),
        ("the bakers", "Scores 0 %. Not this time. Here is why."),
        ("", "Scores 0 %. You left this one open."),
        ("x" * 80, "This is too long: 80 characters, and 60 at most."),
    ],
)
def test_an_answer_is_tried_beside_the_key(head, typed, says):
    draft = QuestionRevisionFactory(type="short_answer")
    data = form_data(head.get(page_of(draft)))
    response = head.post(page_of(draft), {**data, "do": "try", "try_text": typed})
    assert response.context["tried"].said == says


def test_a_preview_takes_an_answer_and_gives_the_learners_feedback(head):
    SkillFactory()
    preview = f"{address(QuestionRevision, 'preview_new')}?type=single_choice"
    shown = head.post(preview, SINGLE)
    carried = shown.context["carried"]
    assert "She is quoted." not in shown.content.decode()
    judged = head.post(preview, {"carried": carried, "do": "check", "chosen": "options-1"})
    assert judged.context["judged"].outcome.fraction == 1
    assert "She is quoted." in judged.content.decode()
    refused = head.post(preview, {"carried": carried, "do": "check", "chosen": "options-9"})
    assert "“options-9” is not offered here." in refused.content.decode()
    not_yet = head.post(preview, {**SINGLE, "task": ""})
    assert (not_yet.status_code, "Write what the learner is to do." in not_yet.content.decode()) == (
        422,
        True,
    )
    assert head.get(preview).status_code == 404
    assert not Question.objects.exists()


def test_a_post_beyond_all_bounds_is_no_fault_of_ours(head):
    many = {f"options-{at}-text": "x" for at in range(400)}
    assert errors_of(head.post(f"{ADD}?type=single_choice", many))["options"] == [
        "There are 400 here, and 12 at most.",
        "Say which option is right.",
    ]
    assert head.post(f"{ADD}?type=single_choice", {"task": "x" * 2_000_000}).status_code == 413
    assert head.post(f"{ADD}?type=single_choice", {f"x{at}": "" for at in range(7000)}).status_code == 413


def test_a_new_revision_is_a_copy_that_waits_to_be_written(head):
    question = QuestionFactory(revision__type="match")
    draft = building.revise_question(question=question)
    assert (draft.number, draft.prompt, draft.answer_key.key) == (
        2,
        question.published.prompt,
        question.published.answer_key.key,
    )
    assert head.post(page_of(draft), form_data(head.get(page_of(draft)))).status_code == 302
    with pytest.raises(authoring.PublishingError):
        building.revise_question(question=QuestionRevisionFactory().question)


def test_questions_are_offered_from_annotations_and_keep_where_their_key_is_from(head):
    layer = AnnotationFactory(start=28, end=69).set
    layer.refresh_from_db()
    page = address(QuestionRevision, "from_annotations", layer.revision_id)
    assert page in head.get(page_of(layer.revision)).content.decode()
    assert head.get(page).context["offers"] == []
    shown = head.get(page, {"first": 1, "last": 1, "skills": "attribution"})
    assert [str(offer.label) for offer in shown.context["offers"]] == [
        "Mark in the passage",
        "Choose among offered places",
        "Sort the sentences",
    ]
    begun = head.get(shown.context["offers"][0].url)
    data = form_data(begun)
    assert (data["skill"], data["granularity"], data["first"], data["spans-0-quote"]) == (
        "attribution",
        "sentences",
        "1",
        "The board wants the pier for cruise ships",
    )
    assert head.post(f"{ADD}?type=mark_spans", data).status_code == 302
    draft = QuestionRevision.objects.get()
    assert draft.answer_key.origin_set == layer
    assert (draft.article_revision, draft.start, draft.end) == (layer.revision, 0, 70)
    assert head.post(page_of(draft), form_data(head.get(page_of(draft)))).status_code == 302
    assert QuestionRevision.objects.get().answer_key.origin_set == layer


def test_sentences_to_sort_keep_the_article_that_they_are_from_and_follow_it(head):
    layer = AnnotationFactory(start=28, end=69).set
    article = publish(revision=layer.revision)
    layer.refresh_from_db()
    page = address(QuestionRevision, "from_annotations", article.pk)
    shown = head.get(page, {"first": 1, "last": 1, "skills": "attribution"})
    data = form_data(head.get(shown.context["offers"][2].url))
    data |= {f"units-{index}-rationale": "Because." for index in (0, 1) if f"units-{index}-text" in data}
    assert head.post(f"{ADD}?type=classify", data).status_code == 302
    draft = QuestionRevision.objects.get()
    assert (draft.article_revision, draft.start, draft.end) == (article, 0, 70)
    assert draft.answer_key.origin_set == layer
    assert head.post(page_of(draft), form_data(head.get(page_of(draft)))).status_code == 302
    draft.refresh_from_db()
    assert (draft.article_revision, draft.start, draft.end) == (article, 0, 70)
    publish_question(revision=draft)
    newer = revising.revise(article=article.article)
    revising.edit(
        revision=newer, text=f"New on top.\n{article.text}", blocks=["p"] * (article.text.count("\n") + 2)
    )
    newer.refresh_from_db()
    publish(revision=newer)
    followed = QuestionRevision.objects.drafts().get()
    assert (followed.article_revision, followed.start, followed.end) == (newer, 12, 82)


@pytest.mark.parametrize(
    "query", ["first=9&last=9&skills=attribution", "first=a&skills=attribution", "skills=gone", "skills=%00"]
)
def test_an_address_that_names_nothing_offers_nothing(head, query):
    revision = AnnotationFactory().set.revision
    assert (
        head.get(f"{address(QuestionRevision, 'from_annotations', revision.pk)}?{query}").status_code == 200
    )
    begun = head.get(f"{ADD}?type=mark_spans&from={revision.pk}&{query}")
    assert begun.status_code == 200
    assert form_data(begun)["task"] == "" or "first=a" in query


def test_places_are_picked_on_the_passage(head):
    article = ArticleFactory().published
    asked = {"article": article.pk, "first": "1", "last": "1", "granularity": "words"}
    picked = {**asked, "do": "pick", "pick_first": "9", "pick_last": "7"}
    response = head.post(f"{ADD}?type=mark_spans", picked)
    assert form_data(response)["spans-0-quote"] == "board wants the"
    assert response.context["focus"] == "spans-0"
    for first, last in [("-1", "2"), ("x", "2"), ("0", "999"), ("", "")]:
        nowhere = {**picked, "pick_first": first, "pick_last": last}
        assert "spans-0-quote" not in form_data(head.post(f"{ADD}?type=mark_spans", nowhere))


@pytest.mark.parametrize(
    ("quote", "nth", "start", "says"),
    [
        ("board wants", "", "32", ""),
        ("The board", "2", "28", ""),
        ("The board", "", None, "These words stand there more than once. Pick them, or say which one."),
        ("The board", "7", None, "“The board” has no occurrence 7 there; the last is 2."),
        ("The boards", "", None, "“The boards” is not there. Did you mean “The board”?"),
        ("oard", "", None, "“oard” does not begin and end where words do. Did you mean “board”?"),
    ],
)
def test_words_are_found_on_the_passage(head, quote, nth, start, says):
    asked = {"skill": "attribution", "task": "Mark.", "article": ArticleFactory().published.pk, "first": "1"}
    asked |= {
        "spans-0-quote": quote,
        "spans-0-nth": nth,
        "spans-0-kind": "required",
        "spans-0-rationale": "So.",
    }
    SkillFactory()
    response = head.post(f"{ADD}?type=mark_spans", asked)
    if start is None:
        found = errors_of(response)
        assert [said[0] for name, said in found.items() if name.startswith("spans-0")] == [says]
    else:
        assert str(QuestionRevision.objects.get().answer_key.key["spans"][0]["start"]) == start


@pytest.mark.parametrize("slug", [kind.slug for kind in registry.all_types()])
def test_picking_where_there_is_no_passage_is_no_fault_of_ours(head, slug):
    data = {"do": "pick", "pick_first": "0", "pick_last": "1"}
    assert head.post(f"{ADD}?type={slug}", data).status_code == 200
