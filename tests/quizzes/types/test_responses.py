import pytest

from quizzes.types import ResponseRefused, get, read_response

MARKS = get("mark_spans")
CHOICE = get("single_choice")


def refusal(question_type, data):
    with pytest.raises(ResponseRefused) as caught:
        read_response(question_type, question_type.example.prompt, data)
    return caught.value.field, caught.value.message


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        pytest.param({"chosen": 1}, "chosen", "chosen: Give a text.", id="another kind"),
        pytest.param({"chosen": "\x00"}, "chosen", "chosen: This text cannot stand here.", id="NUL"),
        pytest.param(
            {"chosen": "x" * 1_000_000}, "chosen", "chosen: This text cannot stand here.", id="a long text"
        ),
        pytest.param(
            {"x" * 1_000_000: 1},
            "x" * 40,
            f"{'x' * 40}: A response to this question has no such field.",
            id="a long name",
        ),
        pytest.param(
            {"a\x00": 1},
            "a\ufffd",
            "a\ufffd: A response to this question has no such field.",
            id="an unprintable name",
        ),
        pytest.param({"chosen": "bishop"}, "chosen", "“bishop” is not offered here.", id="an unknown option"),
        pytest.param({"chosen": nested(10_000)}, "", "This is no JSON that can be read.", id="deep nesting"),
        pytest.param({"chosen": 10**5000}, "", "This is no JSON that can be read.", id="a huge integer"),
        pytest.param({"chosen": object()}, "", "This is no JSON that can be read.", id="no JSON value"),
    ],
)
def test_read_response_refuses_in_one_sentence(data, field, message):
    assert refusal(CHOICE, data) == (field, message)


@pytest.mark.parametrize(
    "data", [None, [], "a", 1, 1.5, True, [{}], {"chosen": "\ud800"}, {"chosen": float("nan")}]
)
def test_read_response_refuses_what_is_no_response(data):
    refusal(CHOICE, data)


def test_read_response_names_the_first_faults_only():
    field, message = refusal(MARKS, {"marks": [1, 2, 3, 4, 5], "nothing_to_mark": 1})
    assert field == "marks.0"
    assert message.count("; ") == 2


def test_read_response_tells_each_fault_alone_in_words_of_our_own():
    with pytest.raises(ResponseRefused) as caught:
        read_response(
            MARKS, MARKS.example.prompt, {"marks": [{"start": -1, "end": "x"}], "nothing_to_mark": 1}
        )
    assert caught.value.faults == (
        ("marks.0.skill", "This is missing."),
        ("marks.0.start", "Give a number from 0 upwards."),
        ("marks.0.end", "Give a whole number."),
    )
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("classify"), get("classify").example.prompt, {"placed": {"No name": "a"}})
    assert caught.value.faults == (("placed.No name", "This text cannot stand here."),)


def test_read_response_gives_the_reason_of_a_rule():
    mark = MARKS.example.right.model_dump(mode="json")["marks"][0]
    _, message = refusal(MARKS, {"marks": [mark], "nothing_to_mark": True})
    assert message == "Mark something or say “Nothing to mark”, not both."
    field, message = refusal(MARKS, {"marks": [mark | {"end": mark["start"]}]})
    assert (field, message) == (
        "marks.0",
        "A mark must end after it starts; this one is [95, 95).".replace("95", str(mark["start"])),
    )


def test_read_response_returns_the_response():
    assert read_response(CHOICE, CHOICE.example.prompt, {"chosen": "engineer"}) == CHOICE.Response(
        chosen="engineer"
    )
    assert read_response(CHOICE, CHOICE.example.prompt, {}) == CHOICE.Response()
