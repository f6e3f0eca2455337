"""The facts behind the articles of a bundle, each with its sources. Checked, never stored."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path as FilePath
from typing import Annotated

from pydantic import Field

from courses.bundles.articles import ArticleContent
from courses.bundles.faults import Faults
from courses.bundles.schema import Small, unknown, validated
from courses.bundles.source import read_yaml
from quizzes.types.base import Prose, Ref, Schema

NAME = "facts.yaml"


class SourcePart(Schema):
    """Where a fact can be looked up."""

    publisher: Prose
    title: Prose
    date: date
    url: str


class FactPart(Schema):
    """One fact of one paragraph, when it was last checked, and by what."""

    ref: Ref
    fact: Prose
    article: Ref
    paragraph: Small
    sources: Annotated[tuple[SourcePart, ...], Field(min_length=1)]
    checked_on: date


class FactsFile(Schema):
    """All facts."""

    facts: tuple[object, ...]


def check_facts(root: FilePath, articles: Mapping[str, ArticleContent | None], faults: Faults) -> int:
    """Return how many facts there are, after adding what is wrong with them; 0 without the file."""
    document = read_yaml(root, NAME, faults) if (root / NAME).exists() else None
    if document is None:
        return 0
    validated(FactsFile, document, faults)
    seen: dict[str, int] = {}
    for path in document.entries("facts"):
        fact = validated(FactPart, document, faults, path)
        if fact is None:
            continue
        if fact.ref in seen:
            message = f"“{fact.ref}” is in use on line {seen[fact.ref]}. Rename one."
            document.fault(faults, (*path, "ref"), message)
        seen.setdefault(fact.ref, document.lines[path])
        if fact.checked_on > date.today():  # noqa: DTZ011 - a day as its author knows it
            document.fault(faults, (*path, "checked_on"), f"{fact.checked_on} has not come yet.")
        article = articles.get(fact.article)
        if fact.article not in articles:
            document.fault(faults, (*path, "article"), unknown("article", fact.article, articles))
        elif article and fact.paragraph > len(article.lines):
            message = f"“{fact.article}” has {len(article.lines)} paragraphs."
            document.fault(faults, (*path, "paragraph"), message)
        for index, source in enumerate(fact.sources):
            if not re.match(r"https?://[^\s/]+", source.url):
                message = f"“{source.url}” is no web address. Begin with https://."
                document.fault(faults, (*path, "sources", index, "url"), message)
    return len(document.entries("facts"))
