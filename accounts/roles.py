"""What people may do, as Django groups. *Where* they may do it, memberships say."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

AUTHOR = "author"
REVIEWER = "reviewer"
TEACHER = "teacher"
SITE_ADMIN = "site admin"
ROLES = (AUTHOR, REVIEWER, TEACHER, SITE_ADMIN)
#: Who writes drafts, and who makes them what learners meet: each can all that the one before can.
WRITERS = (AUTHOR, REVIEWER, SITE_ADMIN)
PUBLISHERS = (REVIEWER, SITE_ADMIN)

#: Role, then (app label, codename): filled by the admin of each room when it is loaded.
_GRANTED: dict[str, set[tuple[str, str]]] = defaultdict(set)


def grant(role: str, action: str, *models: "type[Model]") -> None:
    """Give a role "view", "add", "change", "delete", "publish" or "start" of each model, from the next `migrate` on."""
    for model in models:
        _GRANTED[role].add((model._meta.app_label, f"{action}_{model._meta.model_name}"))


def grant_writing(
    *, drafts: "Sequence[type[Model]]", parts: "Sequence[type[Model]]", publish: "Sequence[type[Model]]"
) -> None:
    """Let authors write `drafts` and their `parts` and take parts out; let reviewers `publish` as well.

    What is published stays closed by the pages and by the guard of revisions: these are the rights alone.
    """
    for role in WRITERS:
        for action in ("view", "add", "change"):
            grant(role, action, *drafts, *parts)
        grant(role, "delete", *parts)
    for role in PUBLISHERS:
        grant(role, "publish", *publish)


def sync_roles(**_signal: Any) -> None:
    """Make the groups that are missing, and give each the permissions of its role.

    What the site's admin gave a group besides stays; what was taken from it comes back: who wants
    a narrower role makes a group of their own.
    """
    from django.apps import apps  # late: this module is read before models are
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # Django makes an app's permissions after this signal of *its* turn: the later rooms' are not there yet.
    for label in sorted({label for granted in _GRANTED.values() for label, _codename in granted}):
        create_permissions(apps.get_app_config(label), verbosity=0)
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name in ROLES:
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*(known[key] for key in sorted(_GRANTED[name]) if key in known))
