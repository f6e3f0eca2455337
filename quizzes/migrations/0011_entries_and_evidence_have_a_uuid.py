import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0010_assignment_scores_fill")]

    operations = [
        migrations.AlterField(
            model_name=name,
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        )
        for name in ("gradeentry", "evidence")
    ]
