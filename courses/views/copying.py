"""A class for the next term."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import teaching
from accounts.models import Cohort
from courses import class_copying
from courses.work_forms import CopyForm
from quizzes.views.doors import SignedInRequest, sent, signed_in

#: Fifty-two weeks: a year later, on the same day of the week.
A_YEAR_OF_WEEKS = 364


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What the dates of the copy would be; then the copy."""
    cohort = teaching.led_class(request.user, uuid)
    form = CopyForm(sent(request), initial=_initial(cohort))
    days = A_YEAR_OF_WEEKS
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["shift_days"]
        if request.POST.get("do") == "copy":
            try:
                made = class_copying.copy_class(cohort=cohort, by=request.user, **form.cleaned_data)
            except class_copying.CopyRefused as refused:
                form.add_error(refused.field, str(refused))
            else:
                messages.success(request, _("Here is the new class. Nobody learns in it yet."))
                return redirect("courses:class", uuid=made.uuid)
    try:
        moved = class_copying.preview(cohort=cohort, shift_days=days)
    except class_copying.CopyRefused as refused:
        moved = []
        if form.is_bound:
            form.add_error(refused.field, str(refused))
    context = {
        "form": form,
        "class_zone": cohort.timezone,
        "moved": moved,
        "checked": form.is_bound and form.is_valid(),
    }
    return render(
        request, "courses/teach/copy.html", teaching.class_context(cohort, "courses:work", **context)
    )


def _initial(cohort: Cohort) -> dict[str, Any]:
    begins: date | None = cohort.starts_on
    days = A_YEAR_OF_WEEKS
    return {
        "name": _("%(name)s, new term") % {"name": cohort.name},
        "shift_days": days,
        "starts_on": begins + timedelta(days=days) if begins else None,
    }
