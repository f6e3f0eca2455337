"""What lessons and courses add to the admin's first page."""

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin import home
from accounts.models import User
from courses.bundles import waiting
from courses.models import Course, Lesson, LessonRevision

ORGANISATION = "lesson__course__organisation"


def uploads(user: User) -> Iterator[home.Need]:
    """Bundles that they uploaded, looked at and left."""
    if not user.has_perm("courses.add_course"):
        return
    own = user.organisation_memberships.order_by("pk").values_list("organisation", flat=True).first()
    for token in waiting.tokens(user)[:3] if own else []:
        url = home.admin_url(Course, "import_preview", token, own)
        yield home.Need(_now("A bundle that you uploaded and did not import"), url)


home.register_start(_("Build a lesson"), Lesson, order=4)
home.register_start(_("Make a course"), Course, order=5)
home.register_drafts(LessonRevision, ORGANISATION)
home.register_need(home.drafts_for_reviewers(LessonRevision, ORGANISATION))
home.register_need(uploads)
