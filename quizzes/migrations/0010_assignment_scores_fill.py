import uuid

from django.db import migrations
from django.db.models import Q


def give_names(apps, schema_editor):
    for name in ("GradeEntry", "Evidence"):
        rows = apps.get_model("quizzes", name).objects
        while batch := list(rows.filter(uuid=None).only("pk")[:500]):
            for row in batch:
                row.uuid = uuid.uuid4()
            rows.bulk_update(batch, ["uuid"])


def make_rows(apps, schema_editor):
    """A row for each thing that is given to a learner of the class, that they did, or that was said of them."""
    score = apps.get_model("quizzes", "AssignmentScore")
    places = {*_given(apps)}
    for name in ("Attempt", "GradeEntry"):
        rows = apps.get_model("quizzes", name).objects.filter(assignment__isnull=False)
        if name == "Attempt":
            rows = rows.filter(is_preview=False)
        places |= set(rows.order_by().values_list("assignment", "learner").distinct())
    rows = (score(assignment_id=assignment, learner_id=learner) for assignment, learner in sorted(places))
    score.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _given(apps):
    members = apps.get_model("accounts", "CohortMember").objects.filter(role="learner", left_at=None)
    live = Q(cohort__assignments__archived_at=None, cohort__assignments__isnull=False)
    yield from members.filter(live, cohort__assignments__everyone=True).values_list(
        "cohort__assignments", "user"
    )
    named = apps.get_model("quizzes", "AssignmentLearner").objects.filter(assignment__archived_at=None)
    yield from named.values_list("assignment", "learner")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_classes_consents_notices"),
        ("quizzes", "0009_assignment_scores"),
    ]
    operations = [
        migrations.RunPython(give_names, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(make_rows, migrations.RunPython.noop, elidable=True),
    ]
