import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_classes_consents_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('articles', '0005_who_changed_an_annotation'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArticleSwap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='article_swaps', to=settings.AUTH_USER_MODEL)),
                ('parallel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
            ],
            options={
                'verbose_name': 'swapped article',
                'verbose_name_plural': 'swapped articles',
                'constraints': [models.UniqueConstraint(fields=('learner', 'article'), name='article_swap_once'), models.CheckConstraint(condition=models.Q(('article', models.F('parallel')), _negated=True), name='article_swap_to_another')],
            },
        ),
        migrations.CreateModel(
            name='HiddenArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.cohort')),
            ],
            options={
                'verbose_name': 'hidden article',
                'verbose_name_plural': 'hidden articles',
                'constraints': [models.UniqueConstraint(fields=('cohort', 'article'), name='hidden_article_once')],
            },
        ),
    ]
