"""Who is in a class: the roster, and one person of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import authority, class_pages, classes, consents, teaching
from accounts.class_forms import NamesForm, StaffForm
from accounts.doors import SignedInRequest, signed_in
from accounts.models import Cohort, CohortMember, User
from accounts.roster import ids

TAB = "accounts:people"


def members_of(cohort: Cohort) -> list[CohortMember]:
    """Live places, by what teachers read first."""
    live = CohortMember.objects.filter(cohort=cohort, left_at=None).select_related("user")
    return sorted(live, key=lambda member: (member.real_name or str(member.user)).casefold())


def leads(user: User, members: list[CohortMember]) -> bool:
    return any(one.user_id == user.pk and one.role == CohortMember.Role.TEACHER for one in members)


def people_context(cohort: Cohort, user: User, **more: Any) -> dict[str, Any]:
    members = members_of(cohort)
    agreed = consents.agreed_in(cohort)
    learners = [one for one in members if one.role == CohortMember.Role.LEARNER]
    return teaching.class_context(
        cohort,
        TAB,
        learners=[(one, agreed.get(one.user_id)) for one in learners],
        staff=[one for one in members if one.role != CohortMember.Role.LEARNER],
        without_consent=sum(one.user_id not in agreed for one in learners),
        may_lead=leads(user, members),
        code=cohort.join_codes.live().first(),
        **more,
    )


@signed_in
@require_GET
def people(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    cohort = teaching.taught_class(request.user, uuid)
    context = people_context(cohort, request.user, staff_form=StaffForm())
    return render(request, "accounts/teach/people.html", context)


@signed_in
@require_POST
def add_staff(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let a colleague teach or assist here."""
    cohort = teaching.led_class(request.user, uuid)
    form = StaffForm(request.POST)
    if form.is_valid():
        try:
            member = classes.add_staff(by=request.user, cohort=cohort, **form.cleaned_data)
        except classes.ClassRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("%(name)s is in this class now.") % {"name": member.user})
            return redirect(TAB, uuid=cohort.uuid)
    return render(
        request,
        "accounts/teach/people.html",
        people_context(cohort, request.user, staff_form=form),
        status=422,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """One member: names, role, a new password, and the way out of the class."""
    cohort = teaching.led_class(request.user, uuid)
    places = CohortMember.objects.select_related("user", "cohort").filter(left_at=None)
    member = get_object_or_404(places, cohort=cohort, user__uuid=person)
    is_pupil = authority.pupils_of(cohort).filter(pk=member.user_id).exists()
    is_learner = member.role == CohortMember.Role.LEARNER
    form = NamesForm(
        initial={
            "real_name": member.real_name,
            "nickname": str(member.user),
            "student_id": ids.id_of(member) if is_learner else "",
        }
    )
    _leave_out(form, member, is_pupil=is_pupil)
    if request.method == "POST":
        done = _change(request, member, is_pupil=is_pupil)
        if isinstance(done, HttpResponse):
            return done
        form = done
    context = teaching.class_context(
        cohort,
        TAB,
        member=member,
        form=form,
        is_pupil=is_pupil,
        is_learner=is_learner,
        more=class_pages.links_of_person(cohort, member.user) if is_learner else [],
    )
    return render(request, "accounts/teach/person.html", context, status=422 if form.is_bound else 200)


def _leave_out(form: NamesForm, member: CohortMember, *, is_pupil: bool) -> None:
    """What cannot be changed of this member."""
    if not is_pupil:
        del form.fields["nickname"]
    if member.role != CohortMember.Role.LEARNER:
        del form.fields["student_id"]


def _change(request: SignedInRequest, member: CohortMember, *, is_pupil: bool) -> HttpResponse | NamesForm:
    """What the button says; the form to show again if it was refused."""
    form = NamesForm(request.POST)
    _leave_out(form, member, is_pupil=is_pupil)
    onward = redirect(TAB, uuid=member.cohort.uuid)
    try:
        match request.POST.get("do"):
            case "remove":
                classes.remove_member(by=request.user, member=member)
                if member.user_id == request.user.pk:
                    teaching.remember(request.session, request.user)
                    onward = redirect("courses:classes")
                messages.success(request, _("%(name)s is out of the class.") % {"name": member.user})
            case "teacher" | "assistant" as role:
                classes.change_role(by=request.user, member=member, role=role)
            case _:
                if not form.is_valid():
                    return form
                nickname = form.cleaned_data.get("nickname") if is_pupil else str(member.user)
                real_name = form.cleaned_data["real_name"]
                with transaction.atomic():
                    classes.set_names(
                        by=request.user, member=member, real_name=real_name, nickname=nickname or ""
                    )
                    if "student_id" in request.POST and "student_id" in form.fields:
                        ids.set_id(by=request.user, member=member, subject=form.cleaned_data["student_id"])
    except classes.ClassRefused as refused:
        form.is_valid()
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return form
    return onward
