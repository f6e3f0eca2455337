"""The short way from an annotated article to an exercise: one page makes it, another says what comes next."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import staff
from accounts.admin.choosing import choose_by_typing
from accounts.admin.publishers import who_publishes
from accounts.models import Organisation, User
from articles.admin.base import Owned
from articles.admin.choices import only_own
from articles.admin.revision_pages import address
from articles.models import Annotation, Article, ArticleRevision, Skill
from articles.publishing import PublishingError
from articles.text.passages import NoSuchPlace, Stretch
from courses import exercises
from courses.admin.cohorts import givers
from courses.exercises import Wanted
from courses.models import CohortCourse, Course, LessonRevision
from quizzes import drafting
from quizzes.admin import offers
from quizzes.admin.sources import Sources
from quizzes.models import Question, QuestionRevision, Quiz, QuizRevision

#: What an exercise is made of; who makes one may make each.
MADE = (Course, LessonRevision, QuizRevision, QuestionRevision)
#: So many words are marked and read in five minutes.
WORDS_AT_ONCE = 300


class ExerciseForm(forms.Form):
    """Which paragraphs and skills of a revision's key, under what title, and for which course."""

    title = forms.CharField(label=_("Title"), max_length=120)
    skills = forms.ModelMultipleChoiceField(
        label=_("Skills"),
        queryset=Skill.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one skill.")},
        help_text=_("One question for each."),
    )
    first = forms.IntegerField(
        label=_("From paragraph"), min_value=1, widget=forms.TextInput({"inputmode": "numeric"})
    )
    last = forms.IntegerField(
        label=_("To paragraph"), min_value=1, widget=forms.TextInput({"inputmode": "numeric"})
    )
    course = forms.ModelChoiceField(
        label=_("Add it to a course"),
        queryset=Course.objects.none(),
        required=False,
        help_text=_(
            "Empty: it becomes a course of its own. A class that has the course gets the lesson too."
        ),
        error_messages={
            "invalid_choice": _("Choose a course of your own organisation that is not archived.")
        },
    )
    organisation = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(
        self, data: Any, *, request: HttpRequest, page: Any, skills: list[Skill], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["skills"].queryset = Skill.objects.filter(pk__in=[skill.pk for skill in skills])
        fields["course"].queryset = page.owned(request, page.get_queryset(request)).filter(archived_at=None)
        choose_by_typing(fields["course"], CohortCourse._meta.get_field("course"), page.admin_site)
        only_own(fields["organisation"], request)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _now("This must not come before the first paragraph."))
        return found

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.cleaned_data["first"], self.cleaned_data["last"])

    @cached_property
    def owner(self) -> Organisation:
        """Whose it will be: that of the course, where one is chosen."""
        course: Course | None = self.cleaned_data["course"]
        chosen = course.organisation if course else self.cleaned_data["organisation"]
        return cast(Organisation, chosen)


class ExercisePages(Owned):
    """The two pages about exercises, at the addresses of courses."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("exercise/<path:object_id>/", wrap(self.exercise_view), name="courses_course_exercise"),
            path(
                "exercise-made/<path:object_id>/", wrap(self.made_view), name="courses_course_exercise_made"
            ),
            *super().get_urls(),
        ]

    def exercise_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make an exercise from a revision of an article that is published; else say what is missing."""
        if not may_make(staff(request)):
            raise PermissionDenied
        revision = Sources(staff(request)).article(unquote(object_id))
        if revision is None:
            raise Http404
        if missing := _missing(revision, staff(request)):
            self.message_user(request, missing, messages.ERROR)
            return HttpResponseRedirect(address(revision))
        rows = drafting.key_of(revision)
        skills = findable(rows)
        form = ExerciseForm(
            request.POST or None,
            request=request,
            page=self,
            skills=skills,
            initial=_begin(revision, rows, skills),
        )
        if form.is_valid():
            made = self._make(request, revision, form)
            if made is not None:
                return HttpResponseRedirect(reverse("admin:courses_course_exercise_made", args=[made.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make an exercise from this article"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "revision": revision,
            "paragraphs": offers.paragraphs(revision, rows),
            "nothing": not skills,
            "may_publish": _may_publish(staff(request)),
        }
        return TemplateResponse(request, "courses/admin/exercise.html", context)

    def _make(
        self, request: HttpRequest, revision: ArticleRevision, form: ExerciseForm
    ) -> LessonRevision | None:
        """Make what the form says; None after saying in the form why that cannot be."""
        values, publish = form.cleaned_data, "_publish" in request.POST and _may_publish(staff(request))
        wanted = Wanted(
            revision=revision, stretch=form.stretch, skills=list(values["skills"]), title=values["title"]
        )
        try:
            made = exercises.make_exercise(
                wanted=wanted,
                organisation=form.owner,
                course=values["course"],
                by=staff(request),
                publish=publish,
            )
        except NoSuchPlace as nowhere:
            form.add_error(nowhere.part, _now("The article %s") % nowhere)
        except PublishingError as refused:
            form.add_error(None, str(refused))
        else:
            self._note(request, made, is_new=values["course"] is None, published=publish)
            return made
        return None

    def _note(self, request: HttpRequest, made: LessonRevision, *, is_new: bool, published: bool) -> None:
        """What was made, in the log, so that the history tells it."""
        said = str(_("Made from an article.")) + (f" {_('Published.')}" if published else "")
        quiz = Quiz.objects.get(steps__lesson_revision=made)
        questions = Question.objects.filter(slots__quiz_revision__quiz=quiz)
        for row in (*([made.lesson.course] if is_new else []), made.lesson, quiz, *questions):
            self.log_addition(request, row, said)

    def made_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What there is now, and what comes next: a look at it, publishing, a class."""
        lessons: Any = self.admin_site.get_model_admin(LessonRevision)
        revision = lessons.found(request, object_id)
        course = revision.lesson.course
        context = {
            **self.admin_site.each_context(request),
            "title": revision.title,
            "opts": self.opts,
            "revision": revision,
            "course": course,
            "is_open": not revision.is_draft and course.published_at is not None,
            "who_publishes": ""
            if _may_publish(staff(request))
            else who_publishes(LessonRevision, course.organisation),
            "may_give": staff(request).has_perm("courses.add_cohortcourse"),
            "givers": givers(course.organisation),
        }
        return TemplateResponse(request, "courses/admin/exercise_made.html", context)


def may_make(user: User) -> bool:
    """Whether they may write all that an exercise is made of, and work somewhere."""
    permitted = all(user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}") for model in MADE)
    return permitted and (user.is_superuser or bool(user.employers))


def _may_publish(user: User) -> bool:
    return all(user.has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}") for model in MADE)


def _missing(revision: ArticleRevision, user: User) -> str:
    """Why no exercise can be made of this revision; "" if one can."""
    if offers.keys_blind(revision, user):
        return _now("You are keying this text blind. Close your own reading first; then its key is shown.")
    if revision.article.published_id != revision.pk:
        return _now(
            "An exercise is made from what is published. Publish this draft, or open the newer revision."
        )
    return ""


def findable(rows: list[Annotation]) -> list[Skill]:
    """The skills for which there is something to find, those with the most first."""
    found: dict[Skill, int] = {}
    for row in rows:
        if row.kind == Annotation.Kind.REQUIRED:
            found[row.skill] = found.get(row.skill, 0) + 1
    return sorted(found, key=lambda skill: (-found[skill], skill.position))


def _begin(revision: ArticleRevision, rows: list[Annotation], skills: list[Skill]) -> dict[str, Any]:
    """The skill with the most to find, and as much of the article as can be read at once round it."""
    begun: dict[str, Any] = {"title": revision.title[:120]}
    if not skills:
        return begun
    counts = offers.paragraphs(revision, [row for row in rows if row.skill == skills[0]])
    lengths = [len(one.text.split()) for one in counts]
    first = next(one.number for one in counts if one.counts["required"])
    if sum(lengths) <= WORDS_AT_ONCE:
        first = 1
    last = first
    while last < len(lengths) and sum(lengths[first - 1 : last + 1]) <= WORDS_AT_ONCE:
        last += 1
    return {**begun, "skills": [skills[0].pk], "first": first, "last": last}


def exercise_url(user: User, row: Article | ArticleRevision) -> str:
    """Where an exercise is made of what is published of an article; "" where none can be, or not by them."""
    revision_id = row.published_id if isinstance(row, Article) else row.article.published_id
    if (
        revision_id is None
        or (isinstance(row, ArticleRevision) and row.pk != revision_id)
        or not may_make(user)
    ):
        return ""
    return reverse("admin:courses_course_exercise", args=[revision_id])
