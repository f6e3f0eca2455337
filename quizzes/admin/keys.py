"""Who sees in the admin what is right: who writes or reviews questions.

A teacher sees the key of what a class takes on the pages of that class, and nowhere else.
"""

from django.http import HttpRequest

from accounts.admin.base import staff

PERMISSION = "quizzes.view_questionkey"


def may_see_keys(request: HttpRequest) -> bool:
    return staff(request).has_perm(PERMISSION)
