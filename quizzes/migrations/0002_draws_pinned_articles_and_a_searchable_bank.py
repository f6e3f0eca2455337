import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0002_the_twelve_skills'),
        ('quizzes', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='quizslot',
            name='quiz_slot_question_once',
        ),
        migrations.AddField(
            model_name='questionrevision',
            name='search_key',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name='quizrevision',
            name='pinned_article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.articlerevision', verbose_name='article beside the questions'),
        ),
        migrations.AddField(
            model_name='quizslot',
            name='draw_count',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='how many'),
        ),
        migrations.AddField(
            model_name='quizslot',
            name='draw_difficulty',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='difficulty'),
        ),
        migrations.AddField(
            model_name='quizslot',
            name='draw_skill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.skill', verbose_name='skill to draw'),
        ),
        migrations.AlterField(
            model_name='quizslot',
            name='question',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='quizzes.question', verbose_name='question'),
        ),
        migrations.AddConstraint(
            model_name='quizslot',
            constraint=models.UniqueConstraint(condition=models.Q(('question__isnull', False)), fields=('quiz_revision', 'question'), name='quiz_slot_question_once'),
        ),
        migrations.AddConstraint(
            model_name='quizslot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('draw_count', None), ('draw_difficulty', None), ('draw_skill', None), ('question__isnull', False)), models.Q(('draw_count__isnull', False), ('draw_skill__isnull', False), ('pinned', None), ('question', None)), _connector='OR'), name='quiz_slot_question_or_draw'),
        ),
        migrations.AddConstraint(
            model_name='quizslot',
            constraint=models.CheckConstraint(condition=models.Q(('draw_count', None), ('draw_count__gt', 0), _connector='OR'), name='quiz_slot_draws_some'),
        ),
        migrations.AddConstraint(
            model_name='quizslot',
            constraint=models.CheckConstraint(condition=models.Q(('draw_difficulty', None), models.Q(('draw_difficulty__gte', 1), ('draw_difficulty__lte', 5)), _connector='OR'), name='quiz_slot_difficulty_1_to_5'),
        ),
    ]
