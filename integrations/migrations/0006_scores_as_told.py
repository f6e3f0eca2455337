import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0005_stored_reply_knows_its_process"),
        ("quizzes", "0014_scores_not_told_yet"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldScore",
            fields=[
                (
                    "score",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="quizzes.assignmentscore",
                    ),
                ),
                ("state", models.CharField(max_length=11, verbose_name="state")),
                ("fraction", models.FloatField(blank=True, null=True, verbose_name="fraction")),
                ("maximum", models.FloatField(verbose_name="maximum")),
            ],
            options={
                "verbose_name": "score as told",
                "verbose_name_plural": "scores as told",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(fraction=None) | Q(fraction__gte=0, fraction__lte=1),
                        name="told_score_fraction_0_to_1",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="released", fraction__isnull=False)
                        | ~Q(state="released") & Q(fraction=None),
                        name="told_score_fraction_of_released",
                    ),
                    models.CheckConstraint(condition=Q(maximum__gte=0), name="told_score_maximum_not_below_0"),
                ],
            },
        ),
    ]
