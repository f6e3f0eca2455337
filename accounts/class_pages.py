"""The pages of one class, as a teacher goes from one to the next. Each room registers its own.

class_pages.register(_("Marks"), "courses:gradebook", order=50)

The address is reversed with the class's `uuid`. `register_of_person` does the same for the page of one member,
and the address is reversed with the UUIDs of the class and of the person.
"""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import Cohort, User

Words = str | Promise


class Page(NamedTuple):
    words: Words
    name: str
    order: int


class Link(NamedTuple):
    words: Words
    url: str
    is_current: bool


_PAGES: list[Page] = []
_PAGES_OF_PERSON: list[Page] = []


def register(words: Words, name: str, *, order: int) -> None:
    """Show a link to the view `name` on every page of a class; the lowest `order` comes first. Twice is once."""
    _add(_PAGES, Page(words, name, order))


def links(cohort: Cohort, current: str) -> list[Link]:
    """The links of a class's pages; `current` is the name of the view that shows them."""
    return [
        Link(page.words, reverse(page.name, kwargs={"uuid": cohort.uuid}), page.name == current)
        for page in _PAGES
    ]


def register_of_person(words: Words, name: str, *, order: int) -> None:
    """Show a link to the view `name` on the page of each learner of a class. Twice is once."""
    _add(_PAGES_OF_PERSON, Page(words, name, order))


def _add(pages: list[Page], page: Page) -> None:
    if page not in pages:
        pages.append(page)
        pages.sort(key=lambda one: one.order)


def links_of_person(cohort: Cohort, person: User) -> list[Link]:
    return [
        Link(page.words, reverse(page.name, args=[cohort.uuid, person.uuid]), is_current=False)
        for page in _PAGES_OF_PERSON
    ]
