"""Taking an article in: from cleaned lines to an article with a draft of its own."""

from collections.abc import Mapping
from typing import Any

from django.conf.locale import LANG_INFO
from django.db import transaction
from django.utils.text import slugify

from accounts.models import Organisation, User
from articles.models import Article, ArticleRevision
from articles.publishing import draft
from articles.text.cleaning import Cleaned

_LONGEST_REF = 48  # leaves room for a number


def take_in(
    *, organisation: Organisation, by: User | None, fields: Mapping[str, Any], cleaned: Cleaned
) -> ArticleRevision:
    """Return the first draft of a new article of `organisation`.

    `fields`: title, source, byline, dateline, licence, content_note, language; the direction follows from
    the language. The article's ref is made from the title.
    """
    with transaction.atomic():
        # One at a time in an organisation, so that two of one title do not both take its ref.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        article = Article.objects.create(
            organisation=organisation, ref=_free_ref(organisation, fields["title"])
        )
        return draft(
            article=article,
            text=cleaned.text,
            blocks=list(cleaned.blocks),
            by=by,
            **{**fields, "direction": direction(fields["language"])},
        )


def direction(language: str) -> ArticleRevision.Direction:
    """Which way a language is written, by its code ("ar", "pt-br")."""
    known = LANG_INFO.get(language) or LANG_INFO.get(language.partition("-")[0], {})
    return ArticleRevision.Direction.RTL if known.get("bidi") else ArticleRevision.Direction.LTR


def _free_ref(organisation: Organisation, title: str) -> str:
    ref = slugify(title)[:_LONGEST_REF].strip("-_") or "article"
    alike = Article.objects.filter(organisation=organisation, bundle="", ref__startswith=ref)
    taken = set(alike.values_list("ref", flat=True))
    free, number = ref, 1
    while free in taken:
        number += 1
        free = f"{ref}-{number}"
    return free
