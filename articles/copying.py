"""Copies of what others own, for an organisation that wants to make them its own: drafts, to be edited."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from articles.models import Article, ArticleRevision
from articles.publishing import Incomplete, copy_draft
from articles.refs import free_ref


def new_identity(
    *, like: Any, organisation: Organisation, title: str, noun: str, **columns: Any
) -> models.Model:
    """Make an identity of the same kind as `like`, with a free ref that is read like the title."""
    model = type(like)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one ref at a time
    taken = set(model.objects.filter(organisation=organisation, bundle="").values_list("ref", flat=True))
    ref = free_ref(title, taken, noun)
    made: models.Model = model.objects.create(organisation=organisation, ref=ref, **columns)
    return made


def copy_article(*, article: Article, organisation: Organisation, by: User | None = None) -> ArticleRevision:
    """Return a draft of a new article of `organisation` that holds what is published, annotations too.

    Raises Incomplete.
    """
    if article.published is None:
        raise Incomplete(_("“%s” is not published, so there is nothing to copy yet.") % article)
    with transaction.atomic():
        title = article.published.title
        made = new_identity(like=article, organisation=organisation, title=title, noun="article")
        return copy_draft(of=article.published, identity=made, by=by)
