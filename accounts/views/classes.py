"""Starting a class, and what is over."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import classes, teaching, todos, zones
from accounts.class_forms import StartForm
from accounts.doors import SignedInRequest, signed_in
from accounts.models import Cohort


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest) -> HttpResponse:
    """A name, and the class is there, with a code for its pupils. 404 for whoever may not."""
    organisations = classes.may_start_in(request.user)
    if not organisations:
        raise Http404
    form = StartForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        where = form.cleaned_data.get("organisation") or organisations[0]
        try:
            cohort = classes.start_class(by=request.user, organisation=where, name=form.cleaned_data["name"])
        except classes.ClassRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            teaching.remember(request.session, request.user)
            zones.remember(request.session, request.user)
            return redirect("accounts:people", uuid=cohort.uuid)
    return render(request, "accounts/teach/start.html", {"form": form, "nav": "classes"})


@signed_in
@require_GET
def archived(request: SignedInRequest) -> HttpResponse:
    """Classes that are over; their pages can still be read, and they can be taken back."""
    found = Cohort.objects.taught_by(request.user).exclude(archived_at=None).order_by("-archived_at", "name")
    led = set(Cohort.objects.led_by(request.user).order_by().values_list("pk", flat=True))
    rows = [(cohort, cohort.pk in led) for cohort in found]
    return render(request, "accounts/teach/archived.html", {"rows": rows, "nav": "classes"})


@signed_in
@require_POST
def archive(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Close the class, or with `restore` take it back. What is not finished in it is said first."""
    cohort = teaching.led_class(request.user, uuid)
    restoring = "restore" in request.POST
    if not restoring and "sure" not in request.POST and (left := todos.left_in(cohort, request.user)):
        context = teaching.class_context(cohort, "accounts:people", left=left)
        return render(request, "accounts/teach/archive.html", context, status=409)
    classes.set_archived(by=request.user, cohort=cohort, archived=not restoring)
    if restoring:
        return redirect("accounts:people", uuid=cohort.uuid)
    return redirect("accounts:archived")
