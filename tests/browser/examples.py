"""A class whose lesson asks the example of every question type, in a practice and in a graded quiz.

Run in a process of its own, beside a running site: `python -m tests.browser.examples`.
"""

import os
import subprocess
import sys

from tests.browser.site import ROOT, Site

CODE = "TYPS27"
PRACTICE, GRADED = "types-practice", "types-graded"


def add_examples(site: Site) -> None:
    """Put the class and its quizzes into the site's database; twice is once."""
    if site.rows("select 1 from quizzes_quiz where ref = ?", PRACTICE):
        return
    environment = {**os.environ, "CAVEAT_DEV": "1", "CAVEAT_VAR": str(site.folder)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "tests.browser.examples"], cwd=ROOT, env=environment, check=True)


def _make() -> None:
    from accounts.models import JoinCode, Organisation
    from courses import enrolment
    from quizzes.types import registry
    from tests.factories.accounts import CohortFactory
    from tests.factories.courses import LessonFactory
    from tests.factories.quizzes import QuestionFactory, QuizFactory

    steps = []
    questions = [
        QuestionFactory(
            ref=f"example-{kind.slug}",
            revision__type=kind.slug,
            revision__title=kind.slug.replace("_", " ").capitalize(),
        )
        for kind in registry.all_types()
    ]
    for ref, mode, kind in ((PRACTICE, "practice", "practice"), (GRADED, "graded", "quiz")):
        quiz = QuizFactory(ref=ref, mode=mode, revision__questions=questions)
        steps.append({"key": kind, "kind": kind, "title": "Every type", "quiz": quiz})
    course = LessonFactory(revision__steps=steps).course
    cohort = CohortFactory(organisation=Organisation.objects.shared())
    JoinCode.objects.create(cohort=cohort, code=CODE)
    enrolment.give_course(cohort=cohort, course=course)


if __name__ == "__main__":
    import django

    django.setup()
    _make()
