"""The figures of a quiz from a million responses, beside a floor: reading the same rows once into numpy.

usage: python benchmarks/item_analysis.py
CAVEAT_LEARNERS (20,000) learners have answered CAVEAT_ITEMS (50) questions of single choice; the rows are
made in SQL, in a database in a temporary folder. Prints seconds of processor time of the floor and of
`quizzes.analysis.compute`, the quickest of three rounds each, and the ratio. The goal is at most 2.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory()
os.environ["CAVEAT_VAR"] = FOLDER.name
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("CAVEAT_DEV", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

LEARNERS = int(os.environ.get("CAVEAT_LEARNERS", "20000"))
ITEMS = int(os.environ.get("CAVEAT_ITEMS", "50"))
ROUNDS = 3  # the quickest counts: what slows a round down is what else the machine does
GOAL = 2.0

#: Copies of one learner and one attempt, then the items, responses and scores of each.
ROWS = """
INSERT INTO accounts_user ({user})
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {learners} - 1)
    SELECT {user_made} FROM accounts_user, n WHERE accounts_user.id = {learner};
INSERT INTO quizzes_attempt ({attempt})
    SELECT {attempt_made} FROM quizzes_attempt AS one, accounts_user AS new
    WHERE one.id = {first} AND new.id > {learner};
INSERT INTO quizzes_attemptitem
        (attempt_id, position, slot_id, question_id, revision_id, option_order, points, first_shown_at)
    SELECT new.id, i.position, i.slot_id, i.question_id, i.revision_id, i.option_order, i.points,
        '2026-01-12 10:00:00.000000'
    FROM quizzes_attempt AS new CROSS JOIN quizzes_attemptitem AS i
    WHERE i.attempt_id = {first} AND new.id != {first};
INSERT INTO quizzes_itemresponse (id, item_id, sequence, data, schema_version, active_ms, is_check, saved_at)
    SELECT id, id, 1,
        CASE WHEN abs(random()) % 20000 < attempt_id THEN '{{"chosen": "engineer"}}'
            WHEN abs(random()) % 3 THEN '{{"chosen": "reporter"}}' ELSE '{{"chosen": "nobody"}}' END,
        1, 0, 0, '2026-01-12 10:00:' || printf('%02d', abs(random()) % 60) || '.250000'
    FROM quizzes_attemptitem WHERE current_score_id IS NULL;
INSERT INTO quizzes_itemscore (id, item_id, number, response_id, source, key_revision_id, fraction, answered,
        dropped, outcome, rules_version, reason, at)
    SELECT r.id, r.item_id, 1, r.id, 'auto', i.revision_id, r.data LIKE '%engineer%', 1, 0, '{{}}', 1, '',
        r.saved_at
    FROM quizzes_itemresponse AS r JOIN quizzes_attemptitem AS i ON i.id = r.item_id
    WHERE i.current_score_id IS NULL;
UPDATE quizzes_attemptitem SET current_score_id = id WHERE current_score_id IS NULL;
"""


def made() -> Any:
    """The quiz, with its million answers."""
    from django.db import connection

    from tests.factories.quizzes import QuestionFactory, QuizFactory, SubmittedAttemptFactory

    quiz = QuizFactory(revision__questions=[QuestionFactory() for _ in range(ITEMS)])
    first = SubmittedAttemptFactory(quiz=quiz)
    user, user_made = copied(type(first.learner), "accounts_user", {"id": "{learner} + i"})
    attempt, attempt_made = copied(type(first), "one", {"id": "new.id + 1000000", "learner_id": "new.id"})
    script = ROWS.format(
        learners=LEARNERS,
        learner=first.learner_id,
        first=first.pk,
        user=user,
        user_made=user_made.format(learner=first.learner_id),
        attempt=attempt,
        attempt_made=attempt_made,
    )
    connection.ensure_connection()
    connection.connection.executescript(f"PRAGMA foreign_keys = OFF;{script}ANALYZE;")
    return quiz


def copied(model: Any, table: str, changed: dict[str, str]) -> tuple[str, str]:
    """The columns of a model, and what stands in them in a copy: what must be unique gets a value of its own."""
    columns = [(field.column, field.unique) for field in model._meta.local_fields]
    unique = {"uuid": "lower(hex(randomblob(16)))"}
    given = [
        changed.get(name) or unique.get(name) or (f"{table}.{name} || i" if once else f"{table}.{name}")
        for name, once in columns
    ]
    return ", ".join(name for name, _once in columns), ", ".join(given)


def floor(quiz: Any) -> int:
    """Read the rows that the figures are made of into numpy; how many they are."""
    from django.db import connection

    from quizzes import item_rows

    sql, params = item_rows.query(item_rows.first_finished(quiz, None)).query.sql_with_params()
    parts = []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(10_000):
            *numbers, text = zip(*rows, strict=True)
            parts.append([*(np.array(column) for column in numbers), np.array(text, dtype=object)])
    return len(np.concatenate([part[0] for part in parts]))


def seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from quizzes import analysis

    call_command("migrate", verbosity=0)
    quiz = made()
    read = floor(quiz)
    assert read == LEARNERS * ITEMS, read
    print(f"{read:,} responses: {LEARNERS:,} learners, {ITEMS} questions; seconds of processor time")
    lowest = seconds(lambda: floor(quiz))
    computed = seconds(lambda: analysis.compute(quiz=quiz))
    print(f"{'floor':>8} {'computed':>9} {'ratio':>6} {'goal':>5}")
    print(f"{lowest:8.2f} {computed:9.2f} {computed / lowest:6.2f} {GOAL:5.1f}")


if __name__ == "__main__":
    main()
