"""What the types' own pages do with a plain form: show it again, refuse it without losing it, say how it went."""

import re
from html import unescape

import pytest
from django.urls import reverse

from quizzes.models import Attempt
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, LearnerFactory
from tests.factories.courses import EnrolmentFactory, LessonFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
#: Each type's example, answered right by a plain form, and what of it stands on the page that asks again.
RIGHT = {
    "true_false": ({"chosen": "false"}, ['value="false" checked']),
    "hottext": (
        {"chosen": ["stubborn", "overdue"]},
        ['value="stubborn" checked', 'value="overdue" checked'],
    ),
    "match": (
        {"place-visits": "tickets", "place-vote": "minutes", "place-finest": "nothing"},
        ['name="place-visits" value="tickets" checked', 'name="place-finest" value="nothing" checked'],
    ),
    "source_table": (
        {"place-part": "caretaker", "place-thursday": "note", "place-week": "nobody"},
        ['value="note" aria-labelledby="s-note c-thursday" checked'],
    ),
    "order": (
        {"place-is": "1", "place-likely": "2", "place-could": "3", "place-may": "4"},
        ["<option selected>1</option>", "<option selected>4</option>"],
    ),
    "inline_choice": (
        {"gap-said": "announced", "gap-parents": "forty"},
        ['<option value="announced" selected>', '<option value="forty" selected>'],
    ),
    "short_answer": ({"text": " The Stallholders. "}, ['value=" The Stallholders. "']),
    "number": ({"text": "25 %"}, ['value="25 %"']),
    "rewrite": (
        {"text": "\nOn 3 May the council paid\r\n2,000 crowns for a bench.", "checked": ["facts"]},
        [">\n\nOn 3 May the council paid\n2,000 crowns", 'value="facts" checked', 'value="aloud">'],
    ),
}


class Asked:
    """One item of a type's example, asked of a learner."""

    def __init__(self, client, slug, mode="graded"):
        question = QuestionFactory(revision__type=slug)
        quiz = QuizFactory(mode=mode, revision__questions=[question, QuestionFactory()])
        kind = "practice" if mode == "practice" else "quiz"
        step = {"key": "it", "kind": kind, "title": "A quiz", "quiz": quiz}
        learner = LearnerFactory()
        course = LessonFactory(revision__steps=[step]).course
        EnrolmentFactory(learner=learner, course=course, cohort=CohortFactory())
        client.force_login(learner)
        client.post(reverse("quizzes:start", kwargs={"uuid": quiz.uuid}))
        self.client = client
        self.attempt = Attempt.objects.get(learner=learner)
        self.url = self.at("item", position=1)

    def at(self, name, **more):
        return reverse(f"quizzes:{name}", kwargs={"uuid": self.attempt.uuid, **more})

    def send(self, sequence=1, do="next", headers=None, **fields):
        return self.client.post(self.url, {"sequence": sequence, "do": do, **fields}, headers=headers or {})

    def page(self, query=""):
        return unescape(self.client.get(self.url + query).content.decode())

    def hand_in(self):
        self.client.post(self.at("submit"))
        return self.page()


@pytest.mark.parametrize("slug", RIGHT)
def test_a_plain_form_is_saved_and_shown_again(client, slug):
    asked = Asked(client, slug)
    form, shown = RIGHT[slug]
    assert asked.send(**form)["Location"] == asked.at("item", position=2)
    page = asked.page()
    assert [part for part in shown if part not in page] == []


@pytest.mark.parametrize("slug", RIGHT)
def test_a_check_says_how_it_went(client, slug):
    asked = Asked(client, slug, "practice")
    assert asked.send(do="check", **RIGHT[slug][0]).status_code == 302
    headline = re.search(r'id="headline"[^>]*>([^<]+)', asked.page())[1]
    said = {
        **dict.fromkeys(RIGHT, "That is right."),
        **dict.fromkeys(["match", "source_table"], "You got 3 of 3 right."),
        "inline_choice": "You got 2 of 2 right.",
        "hottext": "You found 1 of 1.",
        "rewrite": "Read. Here is a hint, not a grade.",
    }
    assert headline == said[slug]


@pytest.mark.parametrize("slug", RIGHT)
@pytest.mark.parametrize("mode", ["graded", "practice"])
def test_what_was_left_open_has_its_reasons_too(client, slug, mode):
    page = Asked(client, slug, mode).hand_in()
    assert "You left this one open." in page
    assert "headline" in page


@pytest.mark.parametrize("slug", RIGHT)
def test_a_check_of_nothing_is_refused(client, slug):
    refused = Asked(client, slug, "practice").send(do="check")
    assert refused.status_code == 409
    assert "Answer first, then check." in refused.content.decode()


def test_every_choice_of_a_table_is_named_by_its_column_and_row(client):
    page = Asked(client, "source_table").page()
    labels = [names.split() for names in re.findall(r'type="radio"[^>]*aria-labelledby="([^"]+)"', page)]
    assert len(labels) == 9
    assert {name for names in labels for name in names} <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.parametrize(
    ("places", "field", "message"),
    [
        (["1", "1", "2", "3"], "place-may", "Place 1 is taken twice."),
        (["1", "2", "3", ""], "place-likely", "An item has no place yet."),
        (["1", "2", "3", "x"], "place-likely", "A place is a number from 1 to 4."),
    ],
)
def test_places_that_make_no_order_stay_as_they_were_typed(client, places, field, message):
    asked = Asked(client, "order")
    refs = ["may", "is", "could", "likely"]
    refused = asked.send(**{f"place-{ref}": place for ref, place in zip(refs, places, strict=True)})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert message in page
    assert re.findall(r'name="([^"]+)" aria-invalid', page) == [field]
    chosen = re.findall(r"<select.*?</select>", page, re.DOTALL)
    kept = [(re.search(r"selected>(\d)<", one) or ["", ""])[1] for one in chosen]
    assert kept == [place if place.isdigit() else "" for place in places]


def test_an_order_as_shown_is_no_answer_until_it_is_sent(client):
    asked = Asked(client, "order")
    assert "selected" not in asked.page()
    asked.send()
    assert "Still open" in client.get(asked.at("review")).content.decode()


@pytest.mark.parametrize(
    ("slug", "longest", "more"), [("short_answer", 60, {}), ("rewrite", 200, {"checked": ["aloud"]})]
)
@pytest.mark.parametrize("times", [1, 30])
def test_a_text_that_is_too_long_is_not_lost(client, slug, longest, more, times):
    text = "é“&<" * (longest * times // 4) + "more"
    refused = Asked(client, slug).send(text=text, **more)
    page = unescape(refused.content.decode())
    assert refused.status_code == 409
    assert text in page
    assert 'aria-invalid="true"' in page
    assert ('value="aloud" checked' in page) is bool(more)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("a quarter", "This cannot be read as a number. Type it again, like 1,200 or 3.5."),
        ("25 euros", "This unit is not known here. Type it again, with one of these: %, per cent, crowns."),
    ],
)
def test_a_number_that_cannot_be_read_is_asked_for_again_once(client, text, notice):
    asked = Asked(client, "number")
    saved = asked.send(headers=JSON, text=text).json()
    assert (saved["state"], saved["notice"]) == ("saved", notice)
    assert asked.send(2, text=text)["Location"] == asked.url
    page = asked.page()
    assert notice in page
    assert '<input type="hidden" name="told" value="1">' in page
    assert 'aria-invalid="true"' in page
    assert "Type it again" in page[page.index('class="steps"') :]
    review = client.get(asked.at("review")).content.decode()
    assert "Cannot be read: type it again" in review
    assert "2 questions are still open." in review
    assert asked.send(3, text=text, told="1")["Location"] == asked.at("item", position=2)
    assert asked.send(4, text="25 %")["Location"] == asked.at("item", position=2)
    assert notice not in asked.page()


def test_going_back_is_never_held_up(client):
    asked = Asked(client, "number")
    assert (
        asked.send(do="previous", text="a quarter")["Location"] == asked.url
    )  # the first has none before it
    asked.url = asked.at("item", position=1)
    assert "notice" not in asked.send(2, headers=JSON, text="25").json()


def test_a_check_of_what_cannot_be_read_says_so_and_not_to_answer_first(client):
    asked = Asked(client, "number", "practice")
    refused = asked.send(do="check", text="a quarter")
    page = refused.content.decode()
    assert refused.status_code == 409
    assert 'value="a quarter"' in page
    assert "This cannot be read as a number." in page
    assert "Answer first" not in page


def test_a_number_left_unreadable_was_not_left_open(client):
    asked = Asked(client, "number")
    asked.send(text="a quarter")
    page = asked.hand_in()
    assert "What you typed could not be read." in page
    assert "It could not be read as a number" in page
    assert "25 %" in page
    assert "Could not be read" in client.get(asked.at("attempt")).content.decode()


def test_a_text_in_practice_gets_hints_and_waits_for_nobody(client):
    asked = Asked(client, "rewrite", "practice")
    asked.send(do="check", text="The reckless council wasted 2,000 crowns.", checked=["aloud"])
    page = asked.page()
    assert re.findall(r"\[still judges: </span>([^<]+)<", page) == ["reckless", "wasted"]
    assert re.findall(r'class="verdict">([^<]+)<', page) == [
        "Not found in your text",
        "Still there",
        "Still judges",
        "Still judges",
    ]
    assert "I read it aloud." in page
    assert "The council spent 2,000 crowns on a bench on 3 May." in page
    asked.hand_in()
    result = client.get(asked.at("attempt")).content.decode()
    assert "Waits" not in result
    assert "waits" not in result
    assert '<small class="outcome read">Read</small>' in result


def test_a_text_in_a_graded_quiz_waits_for_the_teacher(client):
    asked = Asked(client, "rewrite")
    asked.send(text="The reckless council wasted 2,000 crowns.")
    page = asked.hand_in()
    assert "Your teacher reads this one." in page
    assert "The reckless council wasted 2,000 crowns." in page
    assert "Every fact is there, and no other." in page
    assert "Still judges" not in page
    result = client.get(asked.at("attempt")).content.decode()
    assert "1 answer waits for your teacher." in result
    assert '<small class="outcome waiting">Waits for your teacher</small>' in result
    asked.attempt.refresh_from_db()
    assert (asked.attempt.fraction, asked.attempt.graded_at) == (None, None)


def test_every_type_but_the_first_four_is_looked_at_here():
    first = {"classify", "mark_spans", "multiple_choice", "single_choice"}
    assert {kind.slug for kind in registry.all_types()} - first == set(RIGHT)
