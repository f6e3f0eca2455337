import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('articles', '0004_orphans_and_annotations_to_confirm'),
        ('quizzes', '0003_publish_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionOrphan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('reason', models.CharField(choices=[('passage', 'its passage is not there any more, or not in one piece'), ('span', 'words that it judges have no place in the new text'), ('draft open', 'it has an open draft, which was left alone'), ('unreadable', 'its parts cannot be read, or would not fit together')], max_length=10, verbose_name='what happened')),
                ('detail', models.TextField(blank=True, verbose_name='words')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved at')),
                ('article_revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.articlerevision', verbose_name='revision of an article')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orphans', to='quizzes.question', verbose_name='question')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'question that could not follow its article',
                'verbose_name_plural': 'questions that could not follow their article',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('question', 'article_revision'), name='question_orphan_once')],
            },
        ),
        migrations.AddField(
            model_name='questionrevision',
            name='to_confirm',
            field=models.BooleanField(default=False, editable=False, help_text='It followed its article, and some of the words changed. Read it again.', verbose_name='to confirm'),
        ),
    ]
