"""The form of every question type: what is stored comes back unchanged, what is wrong is said beside its field."""

from typing import Any

import pytest

from quizzes.admin.forms import all_forms, form_of
from quizzes.models import QuestionKey, QuestionRevision
from quizzes.types import registry
from tests.admin.pages import address, errors_of, form_data, page_of
from tests.factories.articles import SkillFactory
from tests.factories.quizzes import QuestionFactory, QuestionRevisionFactory

pytestmark = pytest.mark.django_db
SLUGS = [kind.slug for kind in registry.all_types()]
each_type = pytest.mark.parametrize("slug", SLUGS)
ADD = "/admin/quizzes/questionrevision/add/"


def draft_of(slug: str) -> QuestionRevision:
    """A draft of the type's example, for a skill that the example asks for."""
    asked = getattr(registry.get(slug).example.prompt, "skills", ("attribution",))
    return QuestionRevisionFactory(type=slug, skills=[SkillFactory(slug=one) for one in asked])


def content(draft: QuestionRevision) -> tuple[Any, Any, set[str], str, int | None]:
    draft = QuestionRevision.objects.get(pk=draft.pk)
    key = registry.load(draft.type, "key", QuestionKey.objects.get(revision=draft).key, draft.schema_version)
    return draft.asked, key, {one.slug for one in draft.skills.all()}, draft.title, draft.difficulty


def test_every_type_has_a_form_and_none_is_json():
    assert sorted(form.type for form in all_forms()) == SLUGS
    assert all(
        form_of(slug) and form.label and form.about and form.sample
        for slug in SLUGS
        for form in [form_of(slug)]
    )


@each_type
def test_a_draft_that_is_sent_back_unchanged_stays_as_it_is(head, slug):
    draft = draft_of(slug)
    before = content(draft)
    page = head.get(page_of(draft))
    assert 'name="prompt"' not in page.content.decode()
    response = head.post(page_of(draft), form_data(page))
    assert response.status_code == 302, errors_of(response)
    assert content(draft) == before


@each_type
def test_a_new_question_is_written_on_one_page(head, slug):
    data = form_data(head.get(page_of(draft_of(slug))))
    del data["seen"]
    response = head.post(f"{ADD}?type={slug}", data)
    assert response.status_code == 302, errors_of(response)
    old, new = QuestionRevision.objects.order_by("pk")
    assert content(new) == content(old)
    assert old.question_id != new.question_id


@each_type
def test_an_empty_form_says_what_is_missing_and_saves_nothing(head, slug):
    SkillFactory()
    page = head.get(f"{ADD}?type={slug}")
    response = head.post(f"{ADD}?type={slug}", form_data(page))
    assert {"skill", "task"} <= errors_of(response).keys()
    assert "" not in errors_of(response)
    assert not QuestionRevision.objects.exists()


@each_type
def test_hostile_values_are_refused_beside_their_fields(head, slug):
    draft = draft_of(slug)
    before, data = content(draft), form_data(head.get(page_of(draft)))
    for bad in ("a\0b", "x" * 3_000, "-1", "9" * 40, "{}", "\ufffd"):
        sent = dict.fromkeys(data, bad) | {"seen": data["seen"]}
        assert head.post(page_of(draft), {**sent, "do": "show"}).status_code == 200
        assert errors_of(head.post(page_of(draft), sent))
    assert content(draft) == before


@each_type
def test_a_preview_is_the_learners_page_and_saves_nothing(head, slug):
    draft = draft_of(slug)
    data = form_data(head.get(page_of(draft)))
    seen = head.post(address(QuestionRevision, "preview", draft.pk), data)
    assert seen.status_code == 200
    assert f"quizzes/types/{slug}.html" in [template.name for template in seen.templates]
    samples = seen.context["samples"]
    assert samples[0].percent in {100, None}
    assert (samples[-1].label, samples[-1].percent) == ("Nothing", 0)
    answer = {"carried": seen.context["carried"], "do": "check"}
    judged = head.post(address(QuestionRevision, "preview", draft.pk), answer)
    assert judged.status_code == 200
    assert judged.context["judged"].headline == "You left this one open."
    assert QuestionFactory._meta.model.objects.count() == 1
