"""Regrading one question of a class, beside a floor: writing the same rows again by bulk_create.

usage: python benchmarks/regrade.py [--attempts 300]
Makes the attempts through the site's own verbs, mends the question's key and carries the regrade out, on a
temporary SQLite file (DATABASE_URL is honoured: an empty database). Prints seconds, seconds in the database and
queries for the preview and for the regrade, those of the floor, and the ratio of the seconds in the database:
lower is better. For 300 attempts the goal is well under a second there; Moodle took 5.8 to 8.4 s for as many.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("CAVEAT_DEV", "1")
os.environ.setdefault("CAVEAT_VAR", tempfile.mkdtemp(prefix="caveat-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

QUESTIONS = 5  # in the quiz; one of them is regraded


class Cost(NamedTuple):
    seconds: float
    database: float
    queries: int


@contextmanager
def counted() -> Iterator[list[float]]:
    """The seconds of each statement of the block."""
    from django.db import connection

    spent: list[float] = []

    def clock(execute: Callable[..., Any], *args: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent.append(time.perf_counter() - started)

    with connection.execute_wrapper(clock):
        yield spent


def cost_of(work: Callable[[], Any]) -> Cost:
    started = time.perf_counter()
    with counted() as spent:
        work()
    return Cost(time.perf_counter() - started, sum(spent), len(spent))


def prepare(attempts_wanted: int) -> tuple[Any, Any, Any]:
    """The question, with another key in force since; its class; and a teacher."""
    from quizzes import attempts, publishing
    from quizzes.types import registry
    from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
    from tests.factories.quizzes import (
        AttemptFactory,
        QuestionFactory,
        QuestionRevisionFactory,
        QuizFactory,
    )

    example = registry.get("multiple_choice").example
    question = QuestionFactory(revision__type="multiple_choice")
    quiz = QuizFactory(revision__questions=[question, *(QuestionFactory() for _ in range(QUESTIONS - 1))])
    cohort = CohortFactory()
    answers = [one.model_dump(mode="json") for one in (example.right, *example.wrong)]
    for number in range(attempts_wanted):
        learner = CohortMemberFactory(cohort=cohort).user
        attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=learner)
        for item in attempt.items.select_related("revision"):
            data = (
                answers[number % len(answers)] if item.question_id == question.pk else {"chosen": "engineer"}
            )
            attempts.save_response(item=item, sequence=1, data=data)
        attempts.submit(attempt=attempt)
    refs = [option.ref for option in example.prompt.options]
    key = example.key.model_copy(update={"right": frozenset(refs) - example.key.right})
    revision = QuestionRevisionFactory(question=question, type="multiple_choice", key=key)
    publishing.publish_question(revision=revision)
    question.refresh_from_db()
    return question, cohort, TeacherFactory(cohort=cohort)


def floor(regrade: Any) -> Callable[[], None]:
    """Writes rows like those that the regrade wrote, from copies read beforehand."""
    from django.db import transaction

    from quizzes.models import Evidence, ItemScore, SkillResult

    scores = list(ItemScore.objects.filter(regrade=regrade))
    results = list(SkillResult.objects.filter(score__regrade=regrade))
    evidence = list(Evidence.objects.filter(score__regrade=regrade))
    Evidence.objects.filter(score__regrade=regrade).delete()
    of = {score.pk: score for score in scores}
    for score in scores:
        score.number += 1
        score.regrade = None
    for row in (*results, *evidence):
        row.score = of[row.score_id]

    def write() -> None:
        with transaction.atomic():
            for score in scores:
                score.pk = None
            ItemScore.objects.bulk_create(scores)
            for rows in (results, evidence):
                for row in rows:
                    row.pk, row.score_id = None, row.score.pk
            SkillResult.objects.bulk_create(results)
            Evidence.objects.bulk_create(evidence)

    return write


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--attempts", type=int, default=300)
    wanted = arguments.parse_args().attempts
    import django

    django.setup()
    from types import SimpleNamespace

    from django.core.management import call_command

    from quizzes import regrading

    call_command("migrate", verbosity=0)
    question, cohort, teacher = prepare(wanted)
    plan = regrading.plan(question=question, kind="key", cohorts=[cohort])
    regrading.run = SimpleNamespace(enqueue=lambda _uuid: None)  # type: ignore[assignment]
    regrade = regrading.order(plan=plan, reason="The key was wrong.", by=teacher)
    costs = {
        "preview": cost_of(lambda: regrading.preview(plan)),
        "regrade": cost_of(lambda: regrading.carry_out(regrade)),
    }
    costs["floor"] = cost_of(floor(regrade))
    print(f"{wanted} attempts of {QUESTIONS} questions, one of them regraded")
    print(f"{'':10} {'seconds':>9} {'database':>9} {'queries':>9}")
    for name, cost in costs.items():
        print(f"{name:10} {cost.seconds:9.3f} {cost.database:9.3f} {cost.queries:9}")
    print(f"ratio in the database: {costs['regrade'].database / costs['floor'].database:.1f}")


if __name__ == "__main__":
    main()
