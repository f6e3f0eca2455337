"""Run as a program with `tests.faults.server_settings`: an empty database becomes one open attempt.

Prints as JSON what a browser of its learner knows: the session's cookie and the question's address.
"""

import json

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from tests.factories.quizzes import AttemptFactory

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    item = AttemptFactory().items.get()
    browser = Client()
    browser.force_login(item.attempt.learner)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    print(json.dumps({"session": session, "url": item.get_absolute_url()}))


if __name__ == "__main__":
    main()
