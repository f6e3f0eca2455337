from datetime import timedelta

from django.db import migrations
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

#: As `telling.LONGEST_WAIT` was then: for others' later dates nobody waits longer.
LONGEST_WAIT = timedelta(days=14)


def say_what_was_told(apps, schema_editor):
    """All that was graded, but for what waits or may: that is told once more, rather than never."""
    attempts = apps.get_model("quizzes", "Attempt").objects
    graded = attempts.filter(submitted_at__isnull=False, fraction__isnull=False)
    held = Q(assignment__release="held", assignment__released_at=None)
    late = Q(assignment__feedback="after_close")
    late |= Q(assignment__feedback="", quiz_revision__feedback="after_close")
    closing = Coalesce("assignment__closes_at", "assignment__due_at")
    waits = graded.filter(assignment__isnull=False).annotate(closing=closing)
    waits = waits.filter(held | late & Q(closing__gt=timezone.now() - LONGEST_WAIT))
    bare = graded.filter(assignment=None, cohort__assignments__archived_at=None)
    bare = bare.filter(cohort__assignments__quiz=F("quiz"))
    told = graded.exclude(pk__in=waits.values("pk")).exclude(pk__in=bare.values("pk"))
    told.update(told_at=F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0012_attempts_know_that_they_were_told")]
    operations = [migrations.RunPython(say_what_was_told, migrations.RunPython.noop, elidable=True)]
