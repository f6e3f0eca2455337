"""The pages on which a teacher has a question judged anew, and what learners read of it."""

import pytest
from django.test import Client
from django.urls import reverse

from quizzes import attempts, publishing, regrading
from quizzes.models import ItemScore, Regrade
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuestionRevisionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(name="7b")


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def question():
    return QuestionFactory()


@pytest.fixture
def quiz(question):
    return QuizFactory(revision__questions=[question])


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def browser(teacher):
    return signed_in(teacher)


def handed_in(quiz, cohort, chosen, name=""):
    learner = CohortMemberFactory(cohort=cohort, real_name=name).user
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=learner)
    item = attempt.items.select_related("revision").get()
    attempts.save_response(item=item, sequence=1, data={"chosen": chosen})
    return attempts.submit(attempt=attempt)


@pytest.fixture
def mended(question, quiz, cohort):
    """Three attempts, and a key that is another since."""
    made = [
        handed_in(quiz, cohort, chosen, name)
        for chosen, name in (("reporter", "Sam Lindqvist"), ("engineer", "Maya Okoro"), ("nobody", "Ari Sol"))
    ]
    key = registry.get("single_choice").example.key.model_copy(update={"right": frozenset({"reporter"})})
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, key=key))
    return made


def address(question):
    return reverse("quizzes:regrade", kwargs={"uuid": question.uuid})


def test_the_page_begins_with_what_can_be_chosen(browser, question, mended, cohort):
    page = browser.get(address(question)).content.decode()
    assert f'name="class" value="{cohort.uuid}" checked' in page
    assert 'name="kind" value="key" checked' in page
    assert "<table" not in page


def test_the_preview_names_who_changes_from_what_to_what(browser, question, mended, cohort):
    page = browser.get(address(question), {"kind": "key", "class": cohort.uuid}).content.decode()
    assert "2 of 3 answers get another score" in page
    assert "Sam Lindqvist (" in page
    assert "Maya Okoro (" in page
    assert "Ari Sol" not in page
    assert ">33\u00a0%</td>" in page
    assert ItemScore.objects.count() == 3


def test_a_regrade_is_ordered_with_a_reason_and_leads_to_its_progress(
    browser, question, mended, cohort, teacher, django_capture_on_commit_callbacks
):
    sent = {"kind": "key", "class": str(cohort.uuid), "reason": "The key was wrong."}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(address(question), sent)
    regrade = Regrade.objects.get()
    assert (regrade.by, regrade.reason, regrade.status) == (teacher, "The key was wrong.", "done")
    assert answer.url == reverse("quizzes:regrade-progress", kwargs={"uuid": regrade.uuid})
    page = browser.get(answer.url).content.decode()
    assert "<h1>Regraded</h1>" in page
    assert "3 of 3 tries are through." in page
    assert "“The key was wrong.”" in page
    assert browser.get(answer.url, headers={"Accept": "application/json"}).json() == {
        "status": "done",
        "done": 3,
        "total": 3,
    }
    assert answer.url in browser.get(address(question)).content.decode()


def test_a_regrade_that_failed_goes_on_when_asked(
    browser, question, mended, cohort, teacher, django_capture_on_commit_callbacks
):
    plan = regrading.plan(question=question, kind="drop", cohorts=[cohort])
    regrade = regrading.order(plan=plan, reason="Unclear.", by=teacher)
    where = reverse("quizzes:regrade-progress", kwargs={"uuid": regrade.uuid})
    Regrade.objects.update(status="failed")
    assert "It stopped on the way" in browser.get(where).content.decode()
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert browser.post(where).url == where
    regrade.refresh_from_db()
    assert (regrade.status, regrade.scores.count()) == ("done", 3)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"kind": "key", "reason": " "}, "Say why"),
        ({"kind": "fly", "reason": "Because."}, "Choose what to do"),
        ({"kind": "key", "reason": "Because.", "class": "nowhere"}, "Choose at least one class."),
        ({"reason": "Because."}, "Choose what to do"),
        ({"kind": "key", "reason": "Be\x00cause."}, "There is a character in this text that cannot be kept"),
    ],
)
def test_what_cannot_be_ordered_is_refused_and_nothing_typed_is_lost(
    browser, question, mended, cohort, sent, why
):
    answer = browser.post(address(question), {"class": str(cohort.uuid), **sent})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Regrade.objects.exists()


def test_a_reason_outlives_a_refusal(browser, question, mended, cohort, monkeypatch):
    def refuse(**_kwargs):
        raise regrading.RegradeRefused("Not now.")

    monkeypatch.setattr(regrading, "order", refuse)
    sent = {"kind": "key", "class": str(cohort.uuid), "reason": "The key was wrong."}
    page = browser.post(address(question), sent).content.decode()
    assert "Not now." in page
    assert "The key was wrong.</textarea>" in page


def test_a_class_of_others_cannot_be_named(browser, question, quiz, mended):
    other = CohortFactory()
    handed_in(quiz, other, "reporter")
    answer = browser.post(address(question), {"kind": "drop", "class": str(other.uuid), "reason": "Hm."})
    assert (answer.status_code, Regrade.objects.count()) == (422, 0)


def test_the_preview_takes_as_many_queries_for_many_as_for_few(browser, question, quiz, mended, cohort):
    counts = []
    for more in (0, 6):
        for _number in range(more):
            handed_in(quiz, cohort, "engineer")
        with Statements() as statements:
            browser.get(address(question), {"kind": "drop", "class": cohort.uuid})
        counts.append(len(statements.asked))
    assert counts[0] == counts[1] <= 16


@pytest.mark.parametrize(
    ("kind", "result", "item"),
    [
        ("everyone", "Point for everyone", "Everyone gets the point for this one."),
        ("drop", "Does not count", "This question does not count."),
    ],
)
@pytest.mark.parametrize("slug", [kind.slug for kind in registry.all_types()])
def test_learners_read_what_became_of_the_question(cohort, teacher, slug, kind, result, item):
    question = QuestionFactory(revision__type=slug)
    quiz = QuizFactory(revision__questions=[question])
    example = registry.get(slug).example
    clients = []
    for response in (example.right, example.wrong[0], None):
        attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=CohortMemberFactory(cohort=cohort).user)
        asked = attempt.items.select_related("revision").get()
        if response is not None:
            attempts.save_response(item=asked, sequence=1, data=response.model_dump(mode="json"))
        attempts.submit(attempt=attempt)
        clients.append((signed_in(attempt.learner), attempt, asked))
    plan = regrading.plan(question=question, kind=kind, cohorts=[cohort])
    regrading.carry_out(regrading.order(plan=plan, reason="The task was unclear.", by=teacher))
    for client, attempt, asked in clients:
        assert result in client.get(attempt.get_absolute_url()).content.decode()
        assert item in client.get(asked.get_absolute_url()).content.decode()
