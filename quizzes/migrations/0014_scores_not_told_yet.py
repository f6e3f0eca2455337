from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0013_what_was_told_so_far")]

    operations = [
        # What there is counts as told: nobody is told of all old scores at once.
        migrations.AddField(
            model_name="assignmentscore",
            name="untold",
            field=models.BooleanField(default=False, editable=False, verbose_name="not told yet"),
        ),
        migrations.AlterField(
            model_name="assignmentscore",
            name="untold",
            field=models.BooleanField(default=True, editable=False, verbose_name="not told yet"),
        ),
        migrations.AddIndex(
            model_name="assignmentscore",
            index=models.Index(
                condition=models.Q(("untold", True)), fields=["id"], name="assignment_score_untold"
            ),
        ),
    ]
