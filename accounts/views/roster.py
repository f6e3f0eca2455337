"""A class list: chosen, shown as what it would do, and brought in when the teacher says so."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import teaching
from accounts.doors import SignedInRequest, signed_in
from accounts.models import Cohort
from accounts.roster import columns, plans, tables
from accounts.roster.bringing_in import Asked, RosterChanged, bring_in
from accounts.views.cards import show_cards

TAB = "accounts:people"
_SALT = "accounts.roster"
#: Seconds for which a list that was shown can be brought in: a day.
_FRESH_S = 86_400


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Choose a list; see what it would do; have it done, and print the cards."""
    cohort = teaching.led_class(request.user, uuid)
    if request.method != "POST":
        return _choose(request, cohort)
    if cohort.archived_at is not None:
        return _choose(request, cohort, _("This class is archived. Take it back first."))
    if "rows" in request.POST:
        return _bring_in(request, cohort)
    try:
        listed = columns.listed(_table(request))
    except tables.RosterUnreadable as unreadable:
        return _choose(request, cohort, str(unreadable))
    return _preview(request, cohort, listed.rows, ignored=listed.ignored, how=listed.how)


def _table(request: SignedInRequest) -> tables.Table:
    """What was sent; raises RosterUnreadable."""
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > tables.LARGEST:
            raise tables.RosterUnreadable(_("This file is too large: at most 2 MB. Is it the right one?"))
        return tables.read(sent.read())
    pasted = request.POST.get("pasted", "")
    if not pasted.strip():
        raise tables.RosterUnreadable(_("Choose a file, or paste the names."))
    return tables.from_text(pasted)


def _choose(request: SignedInRequest, cohort: Cohort, wrong: str = "") -> HttpResponse:
    pasted = request.POST.get("pasted", "")
    context = teaching.class_context(cohort, TAB, wrong=wrong, pasted=pasted)
    return render(request, "accounts/teach/import.html", context, status=422 if wrong else 200)


def _preview(
    request: SignedInRequest,
    cohort: Cohort,
    rows: list[columns.Row],
    status: int = 200,
    strangers: frozenset[int] = frozenset(),
    **more: Any,
) -> HttpResponse:
    """What the rows would do, with the rows themselves in the form, signed: nothing is kept here."""
    plan = plans.plan(cohort, rows)
    packed = signing.dumps(
        {"class": str(cohort.uuid), "plan": plan.fingerprint(), "rows": rows_out(rows)},
        salt=_SALT,
        compress=True,
    )
    context = teaching.class_context(cohort, TAB, plan=plan, packed=packed, strangers=strangers, **more)
    return render(request, "accounts/teach/import_preview.html", context, status=status)


def rows_out(rows: list[columns.Row]) -> list[list[Any]]:
    return [[row.line, row.id, row.name, row.nickname] for row in rows]


def _bring_in(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Do it; where the class has changed meanwhile, show what it would do now."""
    try:
        kept = signing.loads(request.POST["rows"], salt=_SALT, max_age=_FRESH_S)
    except signing.BadSignature:
        kept = {}
    if kept.get("class") != str(cohort.uuid):
        return _choose(request, cohort, _("This page was open for too long. Choose the list again."))
    rows = [columns.Row(*row) for row in kept["rows"]]
    plan = plans.plan(cohort, rows)
    same = set(request.POST.getlist("same"))
    strangers = frozenset(known.row.line for known in plan.asking if str(known.row.line) not in same)
    asked = Asked(rows, kept["plan"], strangers, frozenset(request.POST.getlist("leave")))
    try:
        done, cards = bring_in(by=request.user, cohort=cohort, asked=asked)
    except RosterChanged:
        again = _("The class has changed meanwhile, or the names clash. This is what the list would do now.")
        return _preview(request, cohort, rows, status=409, again=again, strangers=strangers)
    came = len(done.new) + len(done.joining)
    words = ngettext("%(n)d pupil is new.", "%(n)d pupils are new.", came) % {"n": came}
    return show_cards(request, cohort, cards, done=words)
