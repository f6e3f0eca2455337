"""A gradebook of 500 learners and 60 assignments, beside a floor: reading the same rows once.

usage: python benchmarks/gradebook.py [--learners 500] [--assignments 60]
Prints milliseconds of processor time for reading the rows as plain values, for working out all marks and
totals, and for the whole page, with the ratio to the floor. Lower is better; the goal is at most 5 for the
marks and 7 for the page. A temporary SQLite file is used.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["CAVEAT_DEV"] = "1"
os.environ["CAVEAT_VAR"] = tempfile.mkdtemp(prefix="caveat-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
ROUNDS = 3  # the quickest counts: what slows a round down is what else the machine does


def prepare(learners: int, assignments: int) -> Any:
    """A class in which everybody has made one try at everything, and some a second."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import CohortMember, User
    from quizzes.models import Attempt
    from tests.factories.accounts import CohortFactory, TeacherFactory
    from tests.factories.quizzes import AssignmentFactory, QuestionFactory, QuizFactory

    call_command("migrate", verbosity=0)
    cohort = CohortFactory()
    teacher = TeacherFactory(cohort=cohort)
    names = [f"pupil-{number}" for number in range(learners)]
    users = User.objects.bulk_create(
        User(username=name, username_key=name, display_name=name, password="!") for name in names
    )
    CohortMember.objects.bulk_create(CohortMember(cohort=cohort, user=user) for user in users)
    question, now = QuestionFactory(), timezone.now()
    for column in range(assignments):
        quiz = QuizFactory(revision__questions=[question])
        quiz.refresh_from_db()
        late = {"late_policy": "percent", "late_percent": 10} if column % 2 else {}
        due = now - timedelta(days=column)
        assignment = AssignmentFactory(cohort=cohort, quiz=quiz, due_at=due, **late)
        Attempt.objects.bulk_create(
            Attempt(
                learner=user,
                quiz=quiz,
                quiz_revision=quiz.published,
                cohort=cohort,
                assignment=assignment,
                number=number,
                seed=1,
                started_at=due - timedelta(days=1),
                submitted_at=due + timedelta(hours=place % 48 - 24),
                submit_cause="learner",
                fraction=(place + column) % 11 / 10,
            )
            for place, user in enumerate(users)
            for number in range(1, 2 + (place % 5 == 0))
        )
    return cohort, teacher


def read(cohort: Any) -> None:
    """The floor: the rows that marks are made of, once."""
    from accounts.models import CohortMember
    from quizzes.models import Attempt, GradeEntry

    tries = Attempt.objects.filter(assignment__cohort=cohort).order_by("number")
    columns = ("assignment_id", "learner_id", "number", "submitted_at", "fraction", "deadline_at")
    list(tries.values_list(*columns))
    list(
        GradeEntry.objects.filter(assignment__cohort=cohort).values_list(
            "assignment_id", "learner_id", "kind"
        )
    )
    list(CohortMember.objects.filter(cohort=cohort).values_list("user_id", "user__uuid", "real_name"))


def milliseconds(call: Callable[[], object]) -> float:
    """Processor time of the quickest round."""
    times = []
    for _round in range(ROUNDS):
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1000)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=500)
    parser.add_argument("--assignments", type=int, default=60)
    options = parser.parse_args()
    cohort, teacher = prepare(options.learners, options.assignments)

    from django.test import Client
    from django.urls import reverse

    from courses.gradebook import book_of

    client = Client(headers={"host": "localhost"})
    client.force_login(teacher)
    address = reverse("courses:gradebook", kwargs={"uuid": cohort.uuid})
    size = len(client.get(address).content)
    floor = milliseconds(lambda: read(cohort))
    print(f"{options.learners} learners, {options.assignments} assignments; the page has {size / 1e6:.1f} MB")
    print(f"{'':16} {'ms':>8} {'ratio':>6} {'goal':>6}")
    print(f"{'rows, once':16} {floor:8.0f} {1:6.1f}")
    for name, goal, call in (
        ("marks and totals", 5, lambda: book_of(cohort)),
        ("the whole page", 7, lambda: client.get(address)),
    ):
        taken = milliseconds(call)
        print(f"{name:16} {taken:8.0f} {taken / floor:6.1f} {goal:6}")


if __name__ == "__main__":
    main()
