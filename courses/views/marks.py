from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import teaching
from accounts.models import Cohort, User
from accounts.naming import names_in
from courses.gradebook import Book, book_of, learner_of
from courses.gradebook_files import choices, csv_of, xlsx_of
from courses.mark_forms import ChoiceForm, EntryForm
from courses.mark_pages import own_lines, taught_lines
from quizzes import grades
from quizzes.models import Assignment
from quizzes.views.doors import SignedInRequest, signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def gradebook(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The marks of a class. What was chosen stands in the address, and goes with the files."""
    cohort = teaching.taught_class(request.user, uuid)
    form, book = _read(request, cohort)
    context = teaching.class_context(
        cohort,
        "courses:gradebook",
        book=book,
        form=form,
        query=form.query,
        choices=choices(book),
    )
    return render(request, "courses/teach/gradebook.html", context)


@signed_in
@require_safe
def gradebook_csv(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    cohort = teaching.taught_class(request.user, uuid)
    _form, book = _read(request, cohort)
    return _file(cohort, csv_of(book), "text/csv; charset=utf-8", "csv")


@signed_in
@require_safe
def gradebook_xlsx(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    cohort = teaching.taught_class(request.user, uuid)
    _form, book = _read(request, cohort)
    return _file(cohort, xlsx_of(book), XLSX, "xlsx")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def marks_of(request: SignedInRequest, uuid: UUID, learner: UUID) -> HttpResponse:
    """One learner's marks and how each came to be; a teacher sets one by hand, or excuses it."""
    post = request.method == "POST"
    cohort = (teaching.led_class if post else teaching.taught_class)(request.user, uuid)
    found = learner_of(cohort, learner)
    if found is None:
        raise Http404
    refused: tuple[Assignment, EntryForm] | None = None
    if post:
        assignment = _assignment(request, cohort)
        form = EntryForm(request.POST, assignment=assignment)
        if _entered(request, assignment, found, form):
            return redirect(reverse("courses:marks_of", kwargs={"uuid": uuid, "learner": learner}))
        refused = assignment, form
    lines = taught_lines(cohort, found)
    can_lead = post or _leads(request.user, cohort)
    context = teaching.class_context(
        cohort,
        "courses:marks_of",
        learner=found,
        name=names_in(cohort)[found.pk],
        lines=[(line, _form(line.column.assignment, refused) if can_lead else None) for line in lines],
        refused=refused is not None,
    )
    return render(request, "courses/teach/marks_of.html", context)


@signed_in
@require_safe
def my_marks(request: SignedInRequest) -> HttpResponse:
    """The learner's own marks, and how each came to be; nobody else's, and none that is held."""
    return render(request, "courses/my_marks.html", {"lines": own_lines(request.user), "nav": "progress"})


def _read(request: HttpRequest, cohort: Cohort) -> tuple[ChoiceForm, Book]:
    form = ChoiceForm(request.GET or None)
    return form, book_of(cohort, form.choice)


def _leads(user: User, cohort: Cohort) -> bool:
    return Cohort.objects.led_by(user).filter(pk=cohort.pk).exists()


def _assignment(request: HttpRequest, cohort: Cohort) -> Assignment:
    """The assignment that a form names, of this class."""
    try:
        named = UUID(request.POST.get("assignment", ""))
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Assignment.objects.marked(), cohort=cohort, uuid=named)


def _form(assignment: Assignment, refused: tuple[Assignment, EntryForm] | None) -> EntryForm:
    """What was typed and refused, on its own line; an empty form on every other."""
    if refused is not None and refused[0] == assignment:
        return refused[1]
    return EntryForm(assignment=assignment)


def _entered(request: SignedInRequest, assignment: Assignment, learner: User, form: EntryForm) -> bool:
    if not form.is_valid():
        return False
    try:
        grades.enter(
            assignment=assignment,
            learner=learner,
            kind=form.cleaned_data["kind"],
            fraction=form.fraction,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except grades.EntryRefused as error:
        field = {"fraction": "percent"}.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, str(error))
        return False
    messages.success(request, _("Kept. The mark and its reason are below."))
    return True


def _file(cohort: Cohort, content: bytes, content_type: str, ending: str) -> HttpResponse:
    day = timezone.localdate().isoformat()
    name = f"{slugify(cohort.name, allow_unicode=True) or 'class'}-{day}.{ending}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition or "attachment"}
    )
