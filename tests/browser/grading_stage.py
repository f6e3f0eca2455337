"""Run as a program on a site's folder: a class, three texts that wait to be read, and their teacher's session.

Prints as JSON the session and the question's address.
"""

import json

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from quizzes import attempts
    from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
    from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuizFactory

    # Names of its own: on this site other programs may have made what the factories begin with.
    cohort = CohortFactory(organisation__slug="to-be-read")
    question = QuestionFactory(ref="to-be-read", revision__type="rewrite", revision__title="The bench")
    quiz = QuizFactory(ref="to-be-read", revision__questions=[question])
    for number in range(3):
        learner = CohortMemberFactory(cohort=cohort, user__username=f"writer-{number}").user
        attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=learner)
        item = attempt.items.select_related("revision").get()
        attempts.save_response(item=item, sequence=1, data={"text": f"The council bought bench {number}."})
        attempts.submit(attempt=attempt)
    browser = Client()
    browser.force_login(
        TeacherFactory(cohort=cohort, username="reader-of-texts", email="reader@school.example")
    )
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    print(json.dumps({"session": session, "path": reverse("quizzes:grading-question", args=[question.uuid])}))


if __name__ == "__main__":
    main()
