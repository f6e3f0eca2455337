"""The bank: the list of questions, to search, sort out, tag, move, duplicate and archive."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import scope
from accounts.admin.base import CaveatAdmin, changed_words, staff
from accounts.admin.numbers import whole_number
from accounts.models import Organisation
from accounts.names import name_key
from articles.admin.base import IdentityAdmin
from articles.admin.choices import titled
from articles.admin.revision_pages import address
from articles.admin.revisions import RevisionRows
from articles.models import Skill
from quizzes import banking, building, copying, usage
from quizzes.admin import bank_filters as filters
from quizzes.admin import keys
from quizzes.admin.adding import AddsQuestions
from quizzes.admin.forms import name_of
from quizzes.models import Question, QuestionRevision, QuestionSkill, Quiz

MOST_PLACES_TO_MOVE = 10
TASK_SHOWN = 70


class QuestionRevisionRows(RevisionRows):
    model = QuestionRevision
    fields = ["title", "type", *RevisionRows.fields]


class BankActionForm(ActionForm):
    """The skill that the two actions about skills are about."""

    skill = forms.ModelChoiceField(
        label=_("Skill:"), queryset=Skill.objects.all(), required=False, empty_label=_("(for tagging)")
    )


class BankList(ChangeList):
    """The rows of one page with what their columns tell, in three queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        ties = Prefetch(
            "question_skills", QuestionSkill.objects.select_related("skill").order_by("skill__position")
        )
        revisions = (
            QuestionRevision.objects.filter(pk__in=[row.shown for row in rows if row.shown])
            .select_related("article_revision", "created_by")
            .prefetch_related(ties)
            .annotate(task=KT("prompt__task"))
            .defer(
                "prompt", "article_revision__text", "article_revision__words", "article_revision__sentences"
            )
        )
        by_key = {revision.pk: revision for revision in revisions}
        used = usage.counts([row.pk for row in rows])
        for row in rows:
            row.state, row.uses = by_key.get(row.shown), used.get(row.pk, 0)
        self.result_list = rows


@admin.register(Question)
class QuestionAdmin(AddsQuestions, IdentityAdmin):
    published_as = QuestionRevision
    copy_verb = staticmethod(copying.copy_question)
    revise_verb = staticmethod(building.revise_question)
    key_permission = keys.PERMISSION
    action_form = BankActionForm
    list_display = ["short", "type", "skills", "article", "difficulty", "used_in", "author", "status"]
    list_filter = [
        filters.StatusFilter,
        filters.SkillFilter,
        filters.TypeFilter,
        filters.DifficultyFilter,
        filters.UsageFilter,
        filters.ArticleFilter,
        filters.AuthorFilter,
        filters.OwnFilter,
    ]
    list_select_related = ["organisation"]
    search_fields = ["ref"]  # searched by `search_key`: see get_search_results
    date_hierarchy = None  # type: ignore[assignment]
    ordering = ["-updated_at", "-pk"]
    inlines = [QuestionRevisionRows]
    actions = ["add_skill", "remove_skill", "duplicate", *IdentityAdmin.actions]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With the keys of the draft, if they may see one, and of the revision that is `shown`."""
        seen = scope.rows(QuestionRevision, staff(request)).filter(question=OuterRef("pk"), published_at=None)
        found = titled(super().get_queryset(request)).annotate(
            draft=Subquery(seen.order_by().values("pk")[:1])
        )
        shown: QuerySet[Any] = found.annotate(shown=Coalesce("draft", "published_id"))
        return shown

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return BankList

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Every word somewhere in title, task or ref, folded alike on every database."""
        for word in name_key(search_term.replace("\0", "")).split():
            here = Q(pk=OuterRef("shown")) | Q(pk=OuterRef("published_id"))
            found = QuestionRevision.objects.filter(here, search_key__contains=word)
            queryset = queryset.filter(Exists(found))
        return queryset, False

    # Columns ---------------------------------------------------------------------------------
    @admin.display(description=_("question"), ordering="choice_title")
    def short(self, row: Any) -> str:
        state = getattr(row, "state", None)
        if state is None:
            return str(getattr(row, "choice_title", None) or row.ref)
        return state.title or Truncator(state.task or row.ref).chars(TASK_SHOWN)

    @admin.display(description=_("type"))
    def type(self, row: Any) -> str:
        return name_of(row.state.type) if row.state else ""

    @admin.display(description=_("skills"))
    def skills(self, row: Any) -> str:
        return ", ".join(tie.skill.title for tie in row.state.question_skills.all()) if row.state else ""

    @admin.display(description=_("article"))
    def article(self, row: Any) -> str:
        return row.state.article_revision.title if row.state and row.state.article_revision else ""

    @admin.display(description=_("difficulty"))
    def difficulty(self, row: Any) -> str:
        return str(row.state.difficulty or "") if row.state else ""

    @admin.display(description=_("used in"))
    def used_in(self, row: Any) -> str:
        words = ngettext("%d quiz", "%d quizzes", row.uses) % row.uses
        return format_html('<a href="{}">{}</a>', address(row, "usage"), words) if row.uses else "–"

    @admin.display(description=_("author"))
    def author(self, row: Any) -> str:
        return str(row.state.created_by or "–") if row.state else "–"

    @admin.display(description=_("status"))
    def status(self, row: Any) -> str:
        if row.archived_at:
            return _now("archived")
        if row.published_id is None:
            return _now("draft") if row.draft else _now("empty")
        return _now("published, with a draft") if row.draft else _now("published")

    # Where it is used ------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.usage_view)
        return [path("<path:object_id>/usage/", view, name="quizzes_question_usage"), *super().get_urls()]

    def usage_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The quizzes that ask a question, and the lessons and courses that those stand in."""
        question = self._found(request, object_id)
        user = staff(request)
        slots = usage.current_slots().filter(question=question)
        quizzes = list(
            titled(scope.rows(Quiz, user).filter(pk__in=slots.order_by().values("quiz_revision__quiz")))
        )
        uses = usage.uses_of_quizzes([quiz.pk for quiz in quizzes], user)
        listed = [
            (quiz, address(quiz), [(use, address(use.row)) for use in uses.get(quiz.pk, ())])
            for quiz in quizzes
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Where it is used"),
            "opts": self.opts,
            "row": question,
            "row_url": address(question),
            "quizzes": listed,
        }
        return TemplateResponse(request, "quizzes/admin/usage.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["usage_url"] = address(obj, "usage") if obj is not None else ""
        return super().render_change_form(request, context, *args, **kwargs)

    # Actions ---------------------------------------------------------------------------------
    def has_author_permission(self, request: HttpRequest) -> bool:
        return CaveatAdmin.has_change_permission(self.revision_page(), request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Those of the class, and one for each bank that a question may be moved to."""
        actions = super().get_actions(request)
        user = staff(request)
        if not actions or not self.has_author_permission(request):
            return actions
        banks = Organisation.objects.all() if user.is_superuser else Organisation.objects.of(user)
        listed = list(banks[: MOST_PLACES_TO_MOVE + 1])
        for bank in listed if 1 < len(listed) <= MOST_PLACES_TO_MOVE else ():
            actions[f"move_{bank.pk}"] = (
                _move_to(bank),
                f"move_{bank.pk}",
                _("Move to the bank of %s") % bank,
            )
        return actions

    @admin.action(description=_("Add a skill"), permissions=["author"])
    def add_skill(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self._tag(request, queryset, wanted=True)

    @admin.action(description=_("Take a skill away"), permissions=["author"])
    def remove_skill(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self._tag(request, queryset, wanted=False)

    def _tag(self, request: HttpRequest, queryset: "QuerySet[Any]", *, wanted: bool) -> None:
        skill = Skill.objects.filter(pk=whole_number(request.POST.get("skill", "")) or 0).first()
        if skill is None:
            self.message_user(request, _("Choose the skill beside the action."), messages.ERROR)
            return
        took: Counter[str] = Counter()

        def tag_one(question: Question) -> None:
            done = banking.tag(question=question, skill=skill, wanted=wanted, by=staff(request))
            took[done] += 1
            if done != "same":
                said = _now("Skill “%s” added.") if wanted else _now("Skill “%s” taken away.")
                self.log_change(request, question, said % skill)

        self.run(request, self.owned(request, queryset), tag_one, lambda _count: _took(took))

    @admin.action(description=_("Duplicate the selected questions"), permissions=["author"])
    def duplicate(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        user = staff(request)
        ours = Organisation.objects.of(user).first()

        def duplicate_one(question: Question) -> None:
            owned = self.owns(request, question)
            target = question.organisation if owned or ours is None else ours
            copy = building.duplicate_question(question=question, organisation=target, by=user)
            self.log_addition(request, copy.question, _now("A copy of “%s”.") % question)

        self.run(request, queryset, duplicate_one, _copied)


def _move_to(bank: Organisation) -> Any:
    def move(page: QuestionAdmin, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        def move_one(question: Question) -> None:
            banking.move(question=question, organisation=bank)
            page.log_change(request, question, _now("Moved to the bank of %s.") % bank)

        rows: Iterable[Any] = page.owned(request, queryset.exclude(organisation=bank))
        page.run(request, rows, move_one, changed_words)

    return move


def _took(took: Counter[str]) -> str:
    drafts, revisions, same = took["draft"], took["revision"], took["same"]
    return " ".join(
        [
            ngettext("%d draft was changed.", "%d drafts were changed.", drafts) % drafts,
            ngettext("%d new revision was begun.", "%d new revisions were begun.", revisions) % revisions,
            ngettext("%d was as wanted already.", "%d were as wanted already.", same) % same,
        ]
    )


def _copied(count: int) -> str:
    return ngettext("%d draft copy was made.", "%d draft copies were made.", count) % count
