import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0008_questions_that_keep_the_old_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Without a default: one value for all rows would not be unique. 0010 gives each its own.
        migrations.AddField(
            model_name="gradeentry", name="uuid", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="evidence", name="uuid", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.CreateModel(
            name="AssignmentScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="quizzes.assignment"
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "score of an assignment",
                "verbose_name_plural": "scores of assignments",
                "ordering": ["assignment", "learner"],
                "indexes": [models.Index(fields=["updated_at"], name="assignment_score_changed")],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "learner"), name="assignment_score_once")
                ],
            },
        ),
    ]
