from django.db import migrations
from django.db.models import F


def assign(apps, schema_editor):
    """The graded quizzes of the courses that classes take become assignments, with the tries made of them."""
    CohortCourse = apps.get_model("courses", "CohortCourse")
    CohortCourseItem = apps.get_model("courses", "CohortCourseItem")
    Step = apps.get_model("courses", "Step")
    Assignment = apps.get_model("quizzes", "Assignment")
    Attempt = apps.get_model("quizzes", "Attempt")
    for given in CohortCourse.objects.filter(
        archived_at=None, cohort__archived_at=None, module=None, lesson=None, everyone=True
    ):
        steps = Step.objects.filter(
            lesson_revision__lesson__course=given.course_id,
            lesson_revision=F("lesson_revision__lesson__published"),
            lesson_revision__lesson__archived_at=None,
            lesson_revision__lesson__module__archived_at=None,
            quiz__mode="graded",
            quiz__published__isnull=False,
            quiz__archived_at=None,
        ).order_by("lesson_revision__lesson__module__position", "lesson_revision__lesson__position", "position")
        for step in steps.select_related("lesson_revision"):
            if Assignment.objects.filter(
                cohort=given.cohort_id, quiz=step.quiz_id, archived_at=None
            ).exists():
                continue
            assignment = Assignment.objects.create(
                cohort_id=given.cohort_id,
                quiz_id=step.quiz_id,
                opens_at=given.opens_at,
                due_at=given.due_at,
            )
            CohortCourseItem.objects.create(
                cohort_course=given,
                lesson_id=step.lesson_revision.lesson_id,
                step_key=step.key,
                assignment=assignment,
            )
            Attempt.objects.filter(
                cohort=given.cohort_id, quiz=step.quiz_id, assignment=None, is_preview=False
            ).update(assignment=assignment)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_exit_tickets"),
        ("quizzes", "0005_assignments_grading_and_analyses"),
    ]

    operations = [migrations.RunPython(assign, migrations.RunPython.noop)]
