"""Who publishes: what a page says to those who write drafts only."""

from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Organisation, User

#: More names than this would be a list, not an answer.
MOST_NAMES = 3


def publishers(model: type[models.Model], organisation: Organisation) -> "models.QuerySet[User]":
    """The members of an organisation who may publish rows of `model`, by name; a superuser is none of them."""
    options = model._meta
    return members_with(f"{options.app_label}.publish_{options.model_name}", organisation)


def members_with(permission: str, organisation: Organisation) -> "models.QuerySet[User]":
    """The members of an organisation whose groups give them a permission, by name; no superusers."""
    allowed: models.QuerySet[User] = ModelBackend().with_perm(permission, include_superusers=False)
    works = organisation.members.order_by().values("user")
    return allowed.filter(pk__in=works, is_staff=True, erased_at=None).order_by("display_name", "pk")


def who_publishes(model: type[models.Model], organisation: Organisation) -> str:
    """Say who can make a draft what learners meet, for somebody who cannot."""
    names = [str(user) for user in publishers(model, organisation)[:MOST_NAMES]]
    if not names:
        return _(
            "You write drafts; a reviewer publishes them. %(organisation)s has no reviewer yet. A site admin "
            "can put somebody into the group “reviewer”: you, for instance."
        ) % {"organisation": organisation}
    return _("You write drafts; a reviewer publishes them. You can ask %(names)s.") % {
        "names": ", ".join(names)
    }
