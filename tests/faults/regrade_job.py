"""Run as a program: `stage` makes five attempts and a regrade of them, `run` carries it out, `tell` says the scores.

CAVEAT_STOP_AT is `before` or `after` and a number: before or after the commit of that batch (from 1) the
program writes “stopped” to its output and stands still, to be killed.
"""

import json
import os
import sys
import time
from types import SimpleNamespace

import django

LONG = 120  # seconds: the test kills us long before


def stand_still() -> None:
    print("stopped", flush=True)
    time.sleep(LONG)


def stage() -> None:
    from django.core.management import call_command

    from quizzes import attempts, publishing, regrading
    from quizzes.types import registry
    from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
    from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuestionRevisionFactory, QuizFactory

    call_command("migrate", verbosity=0)
    cohort, question = CohortFactory(), QuestionFactory()
    quiz = QuizFactory(revision__questions=[question])
    for _number in range(5):
        attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=CohortMemberFactory(cohort=cohort).user)
        item = attempt.items.select_related("revision").get()
        attempts.save_response(item=item, sequence=1, data={"chosen": "reporter"})
        attempts.submit(attempt=attempt)
    key = registry.get("single_choice").example.key.model_copy(update={"right": frozenset({"reporter"})})
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, key=key))
    question.refresh_from_db()
    plan = regrading.plan(question=question, kind="key", cohorts=[cohort])
    regrading.run = SimpleNamespace(enqueue=lambda _uuid: None)  # the test runs it
    regrading.order(plan=plan, reason="The key was wrong.", by=TeacherFactory(cohort=cohort))


def run() -> None:
    from quizzes import regrading
    from quizzes.models import Regrade

    place, _blank, number = os.environ.get("CAVEAT_STOP_AT", "").partition(" ")
    regrading.BATCH = 2
    done = 0
    apply, carry_out = regrading._apply, regrading._carry_out

    def counting(*args: object) -> None:
        nonlocal done
        apply(*args)
        done += 1
        if place == "before" and done == int(number):
            stand_still()

    def stopping(*args: object) -> int:
        count = carry_out(*args)
        if place == "after" and done == int(number):
            stand_still()
        return count

    regrading._apply, regrading._carry_out = counting, stopping
    regrading.carry_out(Regrade.objects.get())


def tell() -> None:
    from quizzes.models import Attempt, Evidence, Regrade

    regrade = Regrade.objects.get()
    scores = [
        [[score.number, score.fraction] for score in item.scores.order_by("number")]
        for attempt in Attempt.objects.order_by("pk")
        for item in attempt.items.all()
    ]
    told = {
        "status": regrade.status,
        "done": regrade.done,
        "scores": scores,
        "fractions": list(Attempt.objects.order_by("pk").values_list("fraction", flat=True)),
        "evidence": [Evidence.objects.live().filter(correct=True).count(), Evidence.objects.count()],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    django.setup()
    {"stage": stage, "run": run, "tell": tell}[sys.argv[1]]()
