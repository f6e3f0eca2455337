"""The page on which questions are offered from an article's annotations, and the forms that they begin with."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.admin.numbers import whole_number
from accounts.models import User
from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.text.passages import NoSuchPlace, Stretch, line_spans
from articles.text.positions import touched
from quizzes import drafting
from quizzes.admin.desk import Desk
from quizzes.admin.fields import Values
from quizzes.drafting import Counts, Source
from quizzes.tasks import marking_task

MOST_SENTENCES = 100
MOST_SPANS = 200


@dataclass(frozen=True)
class Offer:
    """A question that could be made: which type, in words, what it will hold, and where it is written."""

    label: Any
    about: Any
    counts: Counts
    url: str


@dataclass(frozen=True)
class Paragraph:
    number: int
    text: str
    counts: dict[str, int]


def asked(request: HttpRequest, revision: ArticleRevision) -> tuple[Stretch, list[str]]:
    """The paragraphs and skills in the address; the whole article, and the skills annotated, where it has none."""
    last = revision.text.count("\n") + 1
    first = _number(request.GET.get("first"), 1)
    return Stretch(first, _number(request.GET.get("last"), last)), request.GET.getlist("skills")[:12]


def _number(given: str | None, default: int) -> int:
    number = whole_number(given)
    return default if number is None else number


def paragraphs(revision: ArticleRevision, annotations: list[Annotation]) -> list[Paragraph]:
    found = []
    for number, line in enumerate(line_spans(revision.text), start=1):
        held = [one for one in annotations if touched((one.start, one.end), [line])]
        kinds = {kind: sum(1 for one in held if one.kind == kind) for kind in Annotation.Kind.values}
        found.append(Paragraph(number, revision.text[line[0] : line[1]], kinds))
    return found


def offers(revision: ArticleRevision, stretch: Stretch, skills: list[str]) -> list[Offer]:
    """What can be made of the passage for these skills; raises NoSuchPlace."""
    of = drafting.source(revision, stretch, skills, drafting.key_of(revision))
    made = []
    if len(of.annotations) <= MOST_SPANS:
        made.append(("mark_spans", _("Mark in the passage"), _("The annotations become its key.")))
    if 0 < len(drafting.offered(of)) <= MOST_SPANS // 2:
        made.append(("hottext", _("Choose among offered places"), _("What is to be found, among foils.")))
    if len(of.cut.sentences) <= MOST_SENTENCES:
        made.append(("classify", _("Sort the sentences"), _("Each sentence of the passage is sorted.")))
    address = reverse("admin:quizzes_questionrevision_add")
    held = drafting.counts(of)
    found = []
    for slug, label, about in made:
        query = urlencode(
            {
                "type": slug,
                "from": revision.pk,
                "first": stretch.first,
                "last": stretch.last,
                "skills": skills,
            },
            doseq=True,
        )
        found.append(Offer(label, about, held, f"{address}?{query}"))
    return found


def keys_blind(revision: ArticleRevision, user: User) -> bool:
    """Whether `user` is keying the text without having seen its key, so that it is not to be shown yet."""
    return bool(AnnotationSet.objects.keyed_blind_by(user).filter(revision=revision).exists())


def began(desk: Desk, query: QueryDict) -> Values | None:
    """What the form begins with that an offer's address leads to; None for any other address."""
    revision = desk.sources.article(query.get("from", ""))
    skills = [one.slug for one in desk.sources.skills_named(query.getlist("skills"))]
    if revision is None or not skills or not revision.words:
        return None
    stretch = Stretch(_number(query.get("first"), 1), _number(query.get("last"), 1))
    rows = drafting.key_of(revision)
    try:
        of = drafting.source(revision, stretch, skills, rows)
    except NoSuchPlace:
        return None
    parts = _parts(desk.form.type, of)
    if parts is None:
        return None
    values = desk.form.initial(*parts)
    place = {
        "own_text": "",
        "article": str(revision.pk),
        "first": str(stretch.first),
        "last": str(stretch.last),
        "start": str(of.cut.start),
        "end": str(of.cut.end),
        "digest": revision.sha256,
    }
    around = {"skill": skills[0], "skills": skills[1:], "origin": str(rows[0].set_id) if rows else ""}
    return desk.prefilled({**values, **place, **around})


def _parts(slug: str, of: Source) -> tuple[Any, Any] | None:
    if slug == "mark_spans" and len(of.annotations) <= MOST_SPANS:
        return drafting.marking(of, marking_task(of.skills))
    if slug == "hottext" and 0 < len(drafting.offered(of)) <= MOST_SPANS // 2:
        return drafting.choosing(
            of, _("Choose each place that is to be found. It may be that there is none.")
        )
    if slug == "classify" and len(of.cut.sentences) <= MOST_SENTENCES:
        if of.skills[0] == "text-type":
            kinds = [_("Reports"), _("Explains or forecasts"), _("Says what should happen")]
            return drafting.sorting(of, _("Sort each sentence."), kinds, judged=False)
        kinds = [_("Something to mend"), _("Fine as written")]
        return drafting.sorting(of, _("Sort each sentence."), kinds, judged=True)
    return None
