"""The page on which a question is written: a type's own fields, with skill, title and the rest around them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar, Protocol, runtime_checkable

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.numbers import whole_number
from accounts.models import Organisation, User
from accounts.models.organisation import SHARED
from articles.models import AnnotationSet, ArticleRevision
from quizzes.admin import fields
from quizzes.admin.fields import Field, Kept, Pick, Rows, Several, Text, Values
from quizzes.admin.forms import Errors, QuestionForm, Written
from quizzes.admin.laying import Page, Shown
from quizzes.admin.sources import Sources
from quizzes.authoring import Content
from quizzes.models import QuestionKey, QuestionRevision
from quizzes.types import registry

TITLE_WORDS = 8
TITLE_LONGEST = 120
DIFFICULTIES = (
    ("", gettext_lazy("Not said")),
    ("1", gettext_lazy("1, easy")),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", gettext_lazy("5, hard")),
)


@runtime_checkable
class Picked(Protocol):
    """A form with a passage on which places are picked (`quizzes.admin.types.passages`)."""

    picks: ClassVar[str]

    def pick_lines(self, values: Values) -> list[Any]: ...

    def paragraphs(self, values: Values) -> list[Any]: ...

    def begin_at(self, values: Values, number: int) -> None: ...

    def pick(self, values: Values, first: str, last: str, empty: Values) -> bool: ...


class Desk:
    """One author's page for one draft, or for a new question (`stored` None). Saves nothing itself."""

    def __init__(self, form: type[QuestionForm], user: User, stored: QuestionRevision | None = None) -> None:
        self.user = user
        self.stored = stored
        self.sources = Sources(user, stored)
        self.form = form(self.sources)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All of the page's fields, in order."""
        own = self.form.page_fields()
        return (self._skill, *own, *self._around)

    @property
    def _skill(self) -> Field:
        choices = [("", _("Choose…")), *((skill.slug, str(skill)) for skill in self.sources.skills)]
        missing = _("Choose the skill that it practises.")
        return Pick(name="skill", label=_("Skill"), choices=choices, required=missing)

    @property
    def _around(self) -> tuple[Field, ...]:
        skills = [(skill.slug, str(skill)) for skill in self.sources.skills]
        found: list[Field] = [
            Text(
                name="title",
                label=_("Short title"),
                help=_("As it stands in lists. Empty: the first words of the task."),
                more=True,
            ),
            Pick(name="difficulty", label=_("Difficulty"), choices=DIFFICULTIES, more=True),
            Several(name="skills", label=_("Other skills that it practises"), choices=skills, more=True),
            Kept(name="origin"),
        ]
        if self.stored is None and len(self.organisations) > 1:
            choices = [(str(one.pk), one.name) for one in self.organisations]
            first = str(self.organisations[0].pk)
            found.append(
                Pick(name="organisation", label=_("Belongs to"), choices=choices, default=first, more=True)
            )
        return tuple(found)

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Those for which the author may write a question; a superuser writes for the site's own first."""
        if not self.user.is_superuser:
            return list(Organisation.objects.of(self.user))
        Organisation.objects.shared()
        return sorted(Organisation.objects.all(), key=lambda one: one.slug != SHARED)

    def organisation(self, values: Values) -> Organisation | None:
        """The one that was chosen, of those; the only one; None for an author who works for none."""
        chosen = values.get("organisation", "")
        named = (one for one in self.organisations if str(one.pk) == chosen)
        return next(named, self.organisations[0] if self.organisations else None)

    # Values -----------------------------------------------------------------------------------------
    def blank(self) -> Values:
        return fields.filled(self.fields, {})

    def stored_values(self) -> Values:
        """What the page shows of a stored draft; as much as its type can still read."""
        stored = self.stored
        if stored is None:
            return self.blank()
        key = QuestionKey.objects.get(revision=stored)
        slugs = [skill.slug for skill in stored.skills.all()]
        asked = [slug for slug in getattr(stored.asked, "skills", ()) if slug in slugs]
        slugs = [*asked, *(slug for slug in slugs if slug not in asked)]
        around = {
            "skill": slugs[0] if slugs else "",
            "skills": slugs[1:],
            "title": stored.title,
            "difficulty": str(stored.difficulty or ""),
        }
        answers = registry.load(stored.type, "key", key.key, stored.schema_version)
        return self.prefilled({**self.form.initial(stored.asked, answers), **around})

    def prefilled(self, values: Values) -> Values:
        return fields.filled(self.fields, values)

    def posted(self, post: QueryDict) -> Values:
        """What the page sent, its empty rows too."""
        return self.form.taken_in(fields.read(self.fields, post))

    # Judging ----------------------------------------------------------------------------------------
    def judge(self, values: Values) -> tuple[Values, Written]:
        """The values without their empty rows, and what they make."""
        values = fields.compact(self.fields, values)
        errors = Errors()
        self._judge_around(values, errors)
        return values, self.form.judge(values, self.skills(values), errors)

    def skills(self, values: Values) -> list[str]:
        slugs = [values["skill"], *values["skills"]]
        return [skill.slug for skill in self.sources.skills_named(list(dict.fromkeys(slugs)))]

    def _judge_around(self, values: Values, errors: Errors) -> None:
        around = (self._skill, *self._around)
        for name, message in fields.faults(around, values):
            errors.add(name, message)
        known = {skill.slug for skill in self.sources.skills}
        if values["skill"] and values["skill"] not in known:
            errors.add("skill", _("Choose one of those offered."))
        if len(values["title"]) > TITLE_LONGEST:
            errors.add("title", _("This is too long: write at most %d characters.") % TITLE_LONGEST)
        if values["difficulty"] not in {key for key, _words in DIFFICULTIES}:
            errors.add("difficulty", _("Choose one of those offered."))

    def content(self, values: Values, written: Written) -> Content:
        """What the verbs write, of values in which nothing is wrong."""
        if written.prompt is None or written.key is None:
            raise ValueError("what cannot be read cannot be written")
        title = values["title"] or Truncator(values["task"]).words(TITLE_WORDS)
        return Content(
            prompt=written.prompt,
            key=written.key,
            skills=self.sources.skills_named(self.skills(values)),
            title=title[:TITLE_LONGEST],
            difficulty=int(values["difficulty"]) if values["difficulty"] else None,
            passage=written.passage,
            origin=self._origin(values, written),
        )

    def _origin(self, values: Values, written: Written) -> AnnotationSet | None:
        """The layer that the key was copied from, if it is one of the passage's own article."""
        pk = whole_number(values["origin"])
        if pk is None or not written.passage:
            return None
        key_layers = AnnotationSet.objects.filter(
            revision=written.passage.revision, purpose=AnnotationSet.Purpose.KEY
        )
        return key_layers.filter(pk=pk).first()

    # On the page ------------------------------------------------------------------------------------
    def lay(self, values: Values, errors: Errors | None = None) -> "Sheet":
        values = {**values, **self.form.seen(values)}
        page = Page(self.fields, self.form.shown(values), errors.by_name if errors else {})
        sheet = Sheet(self, page.lay(self.fields, page.values), errors or Errors())
        if self.form.picks and isinstance(self.form, Picked):
            sheet.passage = self.form.pick_lines(values)
            sheet.paragraphs = self.form.paragraphs(values)
            sheet.article = self.sources.article(values.get("article", ""))
        return sheet

    def act(self, post: QueryDict, values: Values) -> str:
        """Do what one of the page's buttons says, on its values; return the name to look at next."""
        what = post.get("do", "")
        if what.startswith("from:") and isinstance(self.form, Picked) and self.form.picks:
            self.form.begin_at(values, whole_number(what.removeprefix("from:")) or 0)
            return ""
        if what == "pick" and isinstance(self.form, Picked) and self.form.picks:
            rows = next(one for one in self.fields if one.name == self.form.picks)
            held = values[rows.name]
            empty = rows.empty_row(rows.name, held) if isinstance(rows, Rows) else {}
            if self.form.pick(values, post.get("pick_first", ""), post.get("pick_last", ""), empty):
                return f"{rows.name}-{len(held) - 1}"
            return ""
        return fields.act(self.fields, values, what)


class Sheet:
    """The page as its template reads it."""

    def __init__(self, desk: Desk, shown: Sequence[Shown], errors: Errors) -> None:
        self.desk = desk
        self.form = desk.form
        self.shown = [one for one in shown if one.field.kind != "kept"]
        self.kept = [one for one in shown if one.field.kind == "kept"]
        self.errors = errors
        #: The passage to pick places on, as it stands in the form.
        self.passage: list[Any] = []
        #: The paragraphs of the article, to choose where the passage begins.
        self.paragraphs: list[Any] = []
        self.article: ArticleRevision | None = None

    @property
    def visible(self) -> list[Shown]:
        return [one for one in self.shown if not one.field.more]

    @property
    def more(self) -> list[Shown]:
        return [one for one in self.shown if one.field.more]

    @property
    def more_is_open(self) -> bool:
        return any(
            one.errors or any(row.errors or row_has_errors(row) for row in one.rows) for one in self.more
        )

    @property
    def top(self) -> Sequence[Any]:
        """What is wrong and belongs to no field."""
        return self.errors.by_name.get("", ())

    @property
    def count(self) -> int:
        return sum(len(said) for said in self.errors.by_name.values())

    def data(self) -> dict[str, Any]:
        """The fields as a browser would send them back unchanged."""
        sent: dict[str, Any] = {}
        for one in (*self.shown, *self.kept):
            sent.update(_sent(one))
        return sent


def row_has_errors(row: Any) -> bool:
    return any(one.errors or any(row_has_errors(inner) for inner in one.rows) for one in row.fields)


def _sent(one: Shown) -> dict[str, Any]:
    if one.field.kind == "rows":
        sent: dict[str, Any] = {}
        for row in one.rows:
            sent[f"{row.name}-ref"] = row.ref
            for inner in row.fields:
                sent.update(_sent(inner))
                if inner.field.kind == "one" and inner.value:
                    sent[inner.choices[0][0]] = row.ref
        return sent
    if one.field.kind == "one":
        return {}
    if one.field.kind in {"tick", "several"} and not one.value:
        return {}
    return {one.name: one.value}


def seen_at(post: QueryDict, name: str) -> datetime:
    """The `updated_at` in a field of the page; of nonsense the beginning of time, so that it is asked about."""
    try:
        seen = datetime.fromisoformat(post.get(name, ""))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return seen if seen.tzinfo else seen.replace(tzinfo=UTC)
