"""A fourteenth type is a type, a template and a form; nothing else of the project is touched for it."""

import json
from importlib import import_module

import pytest
import yaml
from django.urls import reverse
from pydantic import ValidationError

from accounts.models import Organisation
from config import openapi
from courses.bundles.load import load
from quizzes.admin import forms
from quizzes.models import Attempt, Question, QuestionKey, QuestionRevision
from quizzes.publishing import publish_question
from quizzes.types import registry
from tests.admin.pages import address, errors_of, form_data, page_of
from tests.contracts.canaries import in_text, plant
from tests.courses.bundles.plain_bundle import write_bundle
from tests.factories.accounts import CohortFactory, LearnerFactory, StaffFactory
from tests.factories.articles import SkillFactory
from tests.factories.courses import EnrolmentFactory, LessonFactory
from tests.factories.quizzes import QuestionFactory, QuestionRevisionFactory, QuizFactory
from tests.fourteenth.admin_form import PickWordForm
from tests.fourteenth.pick_word import PICK_WORD

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def pick_word(monkeypatch):
    """The type and its form are known while a test runs, and not a moment longer."""
    monkeypatch.setattr(registry, "_TYPES", dict(registry._TYPES))
    monkeypatch.setattr(forms, "_FORMS", dict(forms._FORMS))
    registry.register(PICK_WORD)
    forms.register(PickWordForm)
    openapi.built.cache_clear()  # a process makes it once, with the types that there are then
    yield
    openapi.built.cache_clear()


@pytest.fixture
def head(client):
    client.force_login(StaffFactory(is_superuser=True))
    return client


def asked(mode, **fields):
    """A learner's item: the type's example in a quiz of a lesson, started."""
    question = QuestionFactory(revision__type="pick_word", **fields)
    quiz = QuizFactory(mode=mode, revision__questions=[question])
    kind = "practice" if mode == "practice" else "quiz"
    course = LessonFactory(
        revision__steps=[{"key": "it", "kind": kind, "title": "A quiz", "quiz": quiz}]
    ).course
    learner = LearnerFactory()
    EnrolmentFactory(learner=learner, course=course, cohort=CohortFactory())
    return learner, quiz


def started(client, learner, quiz):
    client.force_login(learner)
    client.post(reverse("quizzes:start", kwargs={"uuid": quiz.uuid}))
    attempt = Attempt.objects.get(learner=learner)
    return attempt, reverse("quizzes:item", kwargs={"uuid": attempt.uuid, "position": 1})


def test_the_projects_own_types_are_thirteen():
    assert len(registry.all_types()) == 14
    assert import_module("quizzes.types").get("pick_word") is PICK_WORD
    with pytest.raises(ValueError, match="already"):
        forms.register(PickWordForm)


def test_a_draft_is_written_in_the_form_of_its_type(head):
    draft = QuestionRevisionFactory(type="pick_word")
    data = form_data(head.get(page_of(draft)))
    assert (data["task"], data["words-1-text"], data["right"], "prompt" in data) == (
        "Which word judges?",
        "whining",
        "whining",
        False,
    )
    refused = head.post(page_of(draft), {**data, "right": "minister"})
    assert errors_of(refused) == {"right": ["“minister” is none of the words."]}
    head.post(page_of(draft), {**data, "words-3-text": "right"})
    draft = QuestionRevision.objects.get(pk=draft.pk)
    assert draft.prompt == {"task": "Which word judges?", "words": ["The", "whining", "mayor", "right"]}
    publish_question(revision=draft)
    shown = head.get(page_of(draft))
    assert shown.context["has_change_permission"] is False
    assert "whining" in shown.content.decode()


def test_it_is_offered_written_and_tried(head):
    chosen = head.get(address(QuestionRevision, "add"))
    assert "?type=pick_word" in chosen.content.decode()
    new = f"{address(QuestionRevision, 'add')}?type=pick_word"
    SkillFactory()
    data = {"skill": "attribution", "task": "Which?", "right": "b", "rationale": "It judges."}
    data |= {"words-0-text": "a", "words-1-text": "b"}
    tried = head.post(f"{address(QuestionRevision, 'preview_new')}?type=pick_word", data)
    assert [(one.label, one.percent) for one in tried.context["samples"]] == [("b", 100), ("Nothing", 0)]
    assert not QuestionRevision.objects.exists()
    assert head.post(new, data).status_code == 302
    assert QuestionRevision.objects.get().prompt == {"task": "Which?", "words": ["a", "b"]}


def test_a_type_without_a_form_is_written_as_json(head):
    draft = QuestionRevisionFactory(type="pick_word")
    forms.unregister("pick_word")
    data = form_data(head.get(page_of(draft)))
    assert json.loads(data["prompt"]) == draft.prompt
    refused = head.post(page_of(draft), {**data, "prompt": '{"task": "What?"}'})
    assert list(refused.context["adminform"].form.errors["prompt"]) == ["words: Field required"]


def test_a_bundle_brings_it(tmp_path):
    root = write_bundle(tmp_path)
    path = root / "quizzes" / "exam.yaml"
    quiz = yaml.safe_load(path.read_text(encoding="utf-8"))
    example = PICK_WORD.example
    quiz["questions"][0] |= {
        "type": "pick_word",
        "prompt": example.prompt.model_dump(mode="json"),
        "key": example.key.model_dump(mode="json"),
    }
    path.write_text(yaml.safe_dump(quiz, allow_unicode=True), encoding="utf-8")
    load(root, Organisation.objects.shared())
    question = Question.objects.get(ref=quiz["questions"][0]["ref"])
    assert question.published.asked == example.prompt
    assert QuestionKey.objects.get(revision=question.published).key["right"] == "whining"


def test_a_learner_answers_it_and_reads_the_reason(client):
    attempt, page = started(client, *asked("practice"))
    assert client.get(page).content.decode().count('name="word"') == 4
    saved = client.post(page, {"sequence": 1, "word": "mayor"}, headers=JSON)
    assert (saved.json()["state"], "notice" in saved.json()) == ("saved", False)
    assert 'value="mayor" checked' in client.get(page).content.decode()
    refused = client.post(page, {"sequence": 2, "word": "nonsense", "do": "check"})
    assert refused.status_code == 409
    checked = client.post(page, {"sequence": 2, "word": "whining", "do": "check"}, follow=True)
    assert "That is right." in checked.content.decode()
    assert "It turns a complaint into a noise." in checked.content.decode()
    score = attempt.items.get().current_score
    assert (score.fraction, score.answered) == (1, True)


def test_what_it_tells_of_an_answer_is_in_its_own_words(client):
    _attempt, page = started(client, *asked("graded"))
    saved = client.post(page, {"sequence": 1, "word": "LEFT"}, headers=JSON)
    assert saved.json()["notice"] == "You picked a word in “capitals”."
    sent = client.post(page, {"sequence": 2, "word": "LEFT", "do": "review"})
    assert sent["Location"] == page
    assert "You picked a word in “capitals”." in client.get(page).content.decode()


def test_it_says_nothing_of_its_key_before_it_is_due(client):
    planted = plant(PICK_WORD, "fourteenth")
    fields = {"revision__prompt": planted.prompt, "revision__key": planted.key}
    attempt, page = started(client, *asked("graded", **fields))
    client.post(page, {"sequence": 1, "word": "mayor"})
    told = "".join(
        client.get(address).content.decode()
        for address in (
            page,
            reverse("quizzes:review", kwargs={"uuid": attempt.uuid}),
            reverse("api:attempt-items", kwargs={"uuid": attempt.uuid}),
        )
    )
    assert in_text(told) == frozenset()
    client.post(reverse("quizzes:submit", kwargs={"uuid": attempt.uuid}))
    assert in_text(client.get(page).content.decode()) == planted.told


def test_the_api_takes_it_and_its_schema_describes_it(client):
    attempt, _page = started(client, *asked("graded"))
    answers = reverse("api:attempt-responses", kwargs={"uuid": attempt.uuid, "position": 1})
    body = {"sequence": 1, "data": {"word": "mayor"}}
    assert client.post(answers, body, content_type="application/json").status_code == 201
    items = client.get(reverse("api:attempt-items", kwargs={"uuid": attempt.uuid})).json()
    assert items[0]["prompt"] == PICK_WORD.example.prompt.model_dump(mode="json")
    schema = client.get(reverse("api:schema"), headers=JSON).json()
    shapes = schema["components"]["schemas"]
    prompts = shapes["AttemptItem"]["properties"]["prompt"]["anyOf"]
    assert len(prompts) == 14
    assert {"$ref": "#/components/schemas/PickWordPrompt"} in prompts
    assert {"words", "task"} <= set(shapes["PickWordPrompt"]["properties"])


def test_its_key_is_refused_where_it_does_not_fit():
    with pytest.raises(ValidationError):
        registry.load("pick_word", "key", {"right": "mayor"}, 1)
