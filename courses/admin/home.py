"""What lessons and courses add to the admin's first page."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin import home
from accounts.models import User
from accounts.models.organisation import owned_by
from courses.bundles import waiting
from courses.models import Course, Lesson, LessonRevision, Step

ORGANISATION = "lesson__course__organisation"
MOST_NAMED = 5


def uploads(user: User) -> Iterator[home.Need]:
    """Bundles that they uploaded, looked at and left."""
    if not user.has_perm("courses.add_course"):
        return
    tokens = waiting.tokens(user)[:3]
    own = (
        tokens and user.organisation_memberships.order_by("pk").values_list("organisation", flat=True).first()
    )
    for token in tokens if own else []:
        url = home.admin_url(Course, "import_preview", token, own)
        yield home.Need(_now("A bundle that you uploaded and did not import"), url)


def lessons_that_wait(user: User) -> Iterator[home.Need]:
    """Drafts with a step whose paragraphs have no place in the new text of their article. One query."""
    own = LessonRevision.objects.drafts().filter(owned_by(user, ORGANISATION), lesson__archived_at=None)
    stuck = own.filter(Exists(Step.objects.behind().filter(lesson_revision=OuterRef("pk")))).order_by("pk")
    for draft in stuck[:MOST_NAMED]:
        words = _now("“%s”: paragraphs have no place in the new text of their article. Choose them again.")
        yield home.Need(words % draft.title, home.admin_url(LessonRevision, "check", draft.pk))


home.register_start(_("Build a lesson"), Lesson, order=4)
home.register_start(_("Make a course"), Course, order=5)
home.register_drafts(LessonRevision, ORGANISATION)
home.register_need(home.drafts_for_reviewers(LessonRevision, ORGANISATION))
home.register_need(uploads)
home.register_need(lessons_that_wait)
