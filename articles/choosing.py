"""Articles that a class does not read, and those that one learner reads in place of another.

Marks are unaffected: what asks about a text that is left out is not asked in new attempts.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.auditing import note
from accounts.models import Cohort, User
from articles.models import Article, ArticleSwap, HiddenArticle


class ChoiceRefused(Exception):
    """Nothing was changed; the message says why, and how to mend it."""


@dataclass(frozen=True)
class Choice:
    """What one learner meets in place of the articles as they are, by primary key.

    `hidden`: not read at all. `swapped`: the article, then the one that is read in its place.
    """

    hidden: frozenset[int] = frozenset()
    swapped: dict[int, int] = field(default_factory=dict)

    @property
    def left_out(self) -> frozenset[int]:
        """What no question may ask about."""
        return self.hidden | self.swapped.keys()


@transaction.atomic
def hide(*, cohort: Cohort, article: Article, by: User) -> HiddenArticle:
    """Let a class do without an article. Twice is once."""
    hidden, made = HiddenArticle.objects.get_or_create(cohort=cohort, article=article, defaults={"by": by})
    if made:
        note(by, _("The class does not read “%s”.") % article, cohort)
    return hidden


@transaction.atomic
def show(*, cohort: Cohort, article: Article, by: User) -> None:
    """Let a class read an article that was hidden. Twice is once."""
    gone, _counts = HiddenArticle.objects.filter(cohort=cohort, article=article).delete()
    if gone:
        note(by, _("The class reads “%s” again.") % article, cohort)


@transaction.atomic
def swap(*, learner: User, article: Article, parallel: Article, by: User) -> ArticleSwap:
    """Let one learner read `parallel` in place of `article`, in every class of theirs.

    Raises ChoiceRefused for a text that is not published, or for the same text.
    """
    if article.pk == parallel.pk:
        raise ChoiceRefused(_("Choose another text than the one that is to be replaced."))
    if parallel.published_id is None or parallel.archived_at is not None:
        raise ChoiceRefused(_("“%s” is not published. Choose another text.") % parallel)
    row, _made = ArticleSwap.objects.update_or_create(
        learner=learner, article=article, defaults={"parallel": parallel, "by": by}
    )
    note(by, _("“%(article)s” was swapped.") % {"article": article}, row)
    return row


@transaction.atomic
def swap_back(*, learner: User, article: Article, by: User) -> None:
    """Let a learner read again what all read. Twice is once."""
    for row in ArticleSwap.objects.filter(learner=learner, article=article):
        note(by, _("“%(article)s” is read again.") % {"article": article}, row)
        row.delete()


def choice_of(*, cohort: int | None, learner: int) -> Choice:
    """What holds for a learner in a class (primary keys; no class: only what was swapped). One query.

    A text that was swapped is read by that learner, whatever their class does.
    """
    return choices_of(cohorts=[cohort], learner=learner)[cohort]


def choices_of(*, cohorts: Collection[int | None], learner: int) -> dict[int | None, Choice]:
    """As `choice_of`, for each of several classes. One query."""
    swaps = ArticleSwap.objects.filter(learner=learner).values_list("article", "parallel", "learner")
    hidings = HiddenArticle.objects.filter(cohort__in=[one for one in cohorts if one is not None])
    swapped: dict[int, int] = {}
    hidden: dict[int | None, set[int]] = {cohort: set() for cohort in cohorts}
    for article, instead, cohort in swaps.union(
        hidings.values_list("article", "article", "cohort"), all=True
    ):
        if article == instead:  # a text is never swapped for itself
            hidden[cohort].add(article)
        else:
            swapped[article] = instead
    return {cohort: Choice(frozenset(found - swapped.keys()), swapped) for cohort, found in hidden.items()}


def hidden_from(cohort: Cohort | int) -> frozenset[int]:
    """The articles that a class does not read, by primary key. One query."""
    return frozenset(HiddenArticle.objects.filter(cohort=cohort).values_list("article", flat=True))


def left_out(*, cohort: int | None, learner: int) -> frozenset[int]:
    """The articles that no question of a new attempt may ask about. One query."""
    return choice_of(cohort=cohort, learner=learner).left_out


def replacements(user: User) -> Q:
    """The articles that somebody reads in place of others."""
    return Q(pk__in=ArticleSwap.objects.filter(learner=user).values("parallel"))
