import pytest

from quizzes.skill_counts import SkillCounts, total

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "Nothing counted yet."),
        ({"passages": 1}, "Right: there was nothing to mark here."),
        ({"passages": 2, "required": 3, "found": 2, "marks": 2}, "You found 2 of 3."),
        ({"placed": 3, "placed_right": 2}, "You placed 2 of 3 sentences right."),
        ({"parts": 3, "parts_right": 2}, "You got 2 of 3 right."),
        ({"waiting": 1}, "1 answer waits for your teacher."),
        ({"waiting": 2, "whole": 1}, "You answered 0 of 1 question right. 2 answers wait for your teacher."),
        ({"whole": 1}, "You answered 0 of 1 question right."),
        ({"whole": 2, "whole_right": 1}, "You answered 1 of 2 questions right."),
        (
            {
                "passages": 1,
                "required": 2,
                "found": 1,
                "marks": 3,
                "sound_marks": 2,
                "placed": 1,
                "placed_right": 1,
                "whole": 2,
                "whole_right": 2,
            },
            "You found 1 of 2. 2 of your 3 marks were fine as written. "
            "You placed 1 of 1 sentence right. You answered 2 of 2 questions right.",
        ),
    ],
)
def test_sentence_reads_out_each_way_of_asking_that_occurred(counts, sentence):
    assert SkillCounts(**counts).sentence == sentence


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ({}, 1.0),
        ({"passages": 1}, 1.0),
        ({"required": 2, "found": 1}, 0.5),
        ({"required": 2, "found": 2, "marks": 4, "sound_marks": 2}, 4 / 6),
        ({"marks": 2, "sound_marks": 2}, 0.0),
        ({"placed": 4, "placed_right": 1}, 0.25),
        ({"parts": 4, "parts_right": 1}, 0.25),
        ({"waiting": 3, "parts": 4, "parts_right": 1}, 0.25),
        ({"whole": 1}, 0.0),
        ({"whole": 1, "whole_right": 1, "placed": 1, "required": 1, "found": 1}, 2 / 3),
    ],
)
def test_share_is_the_part_that_was_right(counts, share):
    assert SkillCounts(**counts).share == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "only_waits"),
    [
        ({}, False),
        ({"waiting": 1}, True),
        ({"waiting": 1, "whole": 1}, False),
        ({"waiting": 1, "passages": 1}, False),
    ],
)
def test_only_waits_where_nothing_was_judged(counts, only_waits):
    assert SkillCounts(**counts).only_waits is only_waits


def test_total_adds_every_count():
    names = list(vars(SkillCounts()))
    ones, twos = (SkillCounts(**dict.fromkeys(names, number)) for number in (1, 2))
    assert total([ones, twos]) == SkillCounts(**dict.fromkeys(names, 3))
    assert (ones, total([])) == (SkillCounts(**dict.fromkeys(names, 1)), SkillCounts())
