"""How an upper room tells a lower one who may see its rows, without the lower one knowing why.

A lower room asks `granted("articles.Article", user)`; an upper room registers, in its `ready()`,
a function from a user to a `Q` over that model. No provider means that nothing is granted.
"""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Q

from accounts.models import User

Provider = Callable[[User], Q]

#: Matches no row, on every database.
NOTHING = Q(pk__in=[])
_providers: dict[str, list[Provider]] = defaultdict(list)


def register(model: str, provider: Provider) -> None:
    """Let `provider` grant rows of `model` (an "app.Model" label). Twice is once."""
    if provider not in _providers[model]:
        _providers[model].append(provider)


def granted(model: str, user: User) -> Q:
    """What all providers together grant `user` of `model`: they look at classes, and a service is in none."""
    if user.kind == User.Kind.SERVICE:
        return NOTHING
    condition = NOTHING
    for provider in _providers[model]:
        condition |= provider(user)
    return condition
