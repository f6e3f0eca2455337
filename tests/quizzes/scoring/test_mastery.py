from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import pytest

from quizzes.scoring.mastery import EvidenceRow, is_right, mastery

START = datetime(2025, 3, 1, 12, tzinfo=UTC)


def rows(verdicts, *, kind="none", category="", article=None, day=0, unit="1", fraction=None):
    """One row for each letter: R right, w wrong; a minute apart."""
    return [
        EvidenceRow(
            unit=unit,
            kind=kind,
            category=category,
            correct=verdict == "R",
            fraction=float(verdict == "R") if fraction is None else fraction,
            article=article,
            at=START + timedelta(days=day, minutes=minute),
        )
        for minute, verdict in enumerate(verdicts)
    ]


def both(problem, sound, **fields):
    return rows(problem, kind="problem", **fields) + rows(sound, kind="sound", **fields)


@pytest.mark.parametrize("polarity", [True, False])
def test_mastery_without_evidence_is_new(polarity):
    assert mastery([], polarity=polarity) == "new"


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        pytest.param(
            both("RRRR", "RRRR", article=1) + both("RR", "RR", article=2, day=1), "secure", id="6 and 6"
        ),
        pytest.param(
            both("RRRw", "RRRw", article=1) + both("RR", "RR", article=2, day=1), "secure", id="5 of each"
        ),
        pytest.param(
            both("RRww", "RRRR", article=1) + both("RR", "RR", article=2, day=1),
            "developing",
            id="4 of a kind",
        ),
        pytest.param(
            both("RRRR", "RRRR", article=1) + both("RR", "R", article=2, day=1),
            "developing",
            id="5 sound in all",
        ),
        pytest.param(
            both("RRRR", "RRRR", article=1) + both("RR", "RR", article=2), "developing", id="one day"
        ),
        pytest.param(
            both("RRRRRR", "RRRRRR", article=1, day=1) + both("R", "R", article=2),
            "developing",
            id="4 of an article at most",
        ),
        pytest.param(
            both("wwww", "wwww", article=1)
            + both("RRRR", "RRRR", article=2, day=1)
            + both("RR", "RR", article=3, day=2),
            "secure",
            id="older ones are forgotten",
        ),
        pytest.param(
            both("RRRR", "RRRR", article=1)
            + both("RRRR", "RRRR", article=2, day=1)
            + both("ww", "RR", article=3, day=2),
            "developing",
            id="the latest count",
        ),
        pytest.param(
            both("RR", "RR", article=1) + both("wwRRRR", "RRRR", article=2, day=1),
            "secure",
            id="the latest 4 of the article",
        ),
        pytest.param(
            rows("RRRRRR" * 2, kind="problem") + rows("RRRRRR" * 2, kind="sound", day=1)[:5],
            "developing",
            id="5 sound ones, and many problems",
        ),
        pytest.param(
            rows("R" * 12, kind="problem") + rows("w" * 12, kind="sound", day=1),
            "developing",
            id="who always flags",
        ),
        pytest.param(
            rows("R" * 12, unit="", day=0) + rows("R" * 12, unit="", day=1),
            "developing",
            id="whole items show neither kind",
        ),
        pytest.param(both("RRRRRR", "RRRRRR") + both("R", "R", day=1), "secure", id="no article, no limit"),
        pytest.param(rows("w"), "developing", id="any evidence"),
    ],
)
def test_mastery_of_problems_and_sound_reporting(evidence, state):
    assert mastery(evidence, polarity=True) == state


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        pytest.param(
            rows("RRRRRR", category="a", article=1) + rows("RRRRRR", category="b", article=2, day=1),
            "secure",
            id="12 of 12",
        ),
        pytest.param(
            rows("RRRRRw", category="a", article=1) + rows("RRRRRw", category="b", article=2, day=1),
            "secure",
            id="10 of 12",
        ),
        pytest.param(
            rows("RRRRww", category="a", article=1) + rows("RRRRRw", category="b", article=2, day=1),
            "developing",
            id="9 of 12",
        ),
        pytest.param(
            rows("RRRRR", category="a", article=1) + rows("RRRRRR", category="b", article=2, day=1),
            "developing",
            id="11 in all",
        ),
        pytest.param(
            rows("RRRRRR", category="a", article=1) + rows("RRRRRR", category="b", article=2),
            "developing",
            id="one day",
        ),
        pytest.param(
            rows("RRRRRR", category="a", article=1) + rows("RRRRRR", category="a", article=2, day=1),
            "developing",
            id="one category",
        ),
        pytest.param(
            rows("RRRRRR", category="a", article=1)
            + rows("RRRR", category="a", article=2, day=1)
            + rows("RR", category="b", article=3, day=2),
            "developing",
            id="the second category only twice",
        ),
        pytest.param(
            rows("RRRRRR", category="a", article=1)
            + rows("RRR", category="a", article=2, day=1)
            + rows("RRR", category="b", article=3, day=2),
            "secure",
            id="the second category three times",
        ),
        pytest.param(
            rows("RRRRR", category="a", article=1) + rows("RRRRRRR", category="b", article=2, day=1),
            "developing",
            id="6 of an article at most",
        ),
        pytest.param(rows("R" * 24, unit="", day=2), "developing", id="items on one day"),
        pytest.param(
            rows("RRRRRR", category="a", article=1)
            + rows("RRRRRR", category="b", article=2, day=1)
            + rows("w" * 12, unit="", day=2),
            "secure",
            id="items beside units are no units",
        ),
    ],
)
def test_mastery_of_categories(evidence, state):
    assert mastery(evidence, polarity=False) == state


@pytest.mark.parametrize(
    ("fraction", "state"),
    [pytest.param(0.75, "secure", id="three quarters"), pytest.param(0.74, "developing", id="below")],
)
def test_mastery_of_whole_items_counts_scores_from_three_quarters(fraction, state):
    evidence = rows("w" * 6, unit="", fraction=fraction) + rows("w" * 6, unit="", fraction=fraction, day=1)
    assert mastery(evidence, polarity=False) == state


def test_mastery_takes_at_most_six_whole_items_of_an_article():
    evidence = rows("R" * 7, unit="", article=1) + rows("R" * 5, unit="", article=2, day=1)
    assert mastery(evidence, polarity=False) == "developing"


def test_mastery_reads_evidence_in_the_order_of_time():
    evidence = (
        both("RRRR", "RRRR", article=1)
        + both("RR", "RR", article=2, day=1)
        + both("ww", "ww", article=3, day=2)
    )
    assert mastery(reversed(evidence), polarity=True) == "developing"


def test_mastery_counts_days_in_utc():
    # Half an hour on either side of midnight in Yerevan, and the same day in UTC.
    yerevan = timezone(timedelta(hours=4))
    minutes = count()
    evidence = [
        EvidenceRow(
            unit="1",
            kind=kind,
            category="",
            correct=True,
            fraction=1.0,
            article=None,
            at=datetime(2025, 3, 1, 23, 45, tzinfo=yerevan) + timedelta(minutes=3 * next(minutes)),
        )
        for kind in ("problem", "sound") * 6
    ]
    assert len({row.at.date() for row in evidence}) == 2
    assert mastery(evidence, polarity=True) == "developing"


def test_evidence_needs_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        EvidenceRow(
            unit="",
            kind="none",
            category="",
            correct=True,
            fraction=1.0,
            article=None,
            at=START.replace(tzinfo=None),
        )


@pytest.mark.parametrize(("fraction", "right"), [(0.75, True), (1.0, True), (0.7499, False), (0.0, False)])
def test_is_right_from_three_quarters(fraction, right):
    assert is_right(fraction) is right
