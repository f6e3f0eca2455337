import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('joining', 'what is kept, and who sees it'), ('mail', 'news by e-mail')], max_length=16, verbose_name='kind')),
                ('given', models.BooleanField(verbose_name='given')),
                ('wording', models.TextField(verbose_name='wording')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['user', '-at', '-pk'],
                'indexes': [models.Index(fields=['user', 'kind', 'at'], name='consent_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['joining', 'mail'])), name='consent_kind_known'), models.CheckConstraint(condition=models.Q(('wording', ''), _negated=True), name='consent_has_words')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32, verbose_name='kind')),
                ('key', models.CharField(max_length=120, verbose_name='key')),
                ('facts', models.JSONField(default=dict, verbose_name='facts')),
                ('url', models.CharField(blank=True, max_length=500, verbose_name='address')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['user', 'at'], name='notice_of_user')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='notice_told_once'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='notice_has_key')],
            },
        ),
        migrations.AlterModelOptions(
            name='cohort',
            options={'ordering': ['name', 'pk'], 'permissions': [('start_cohort', 'Can start a class of their own')], 'verbose_name': 'class', 'verbose_name_plural': 'classes'},
        ),
        migrations.AddField(
            model_name='organisation',
            name='retention_months',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Counted from the day on which somebody left their last class. Empty: never.', null=True, verbose_name='months after which pupils are erased'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('retention_months', None), ('retention_months__gte', 1), _connector='OR'), name='organisation_keeps_a_month'),
        ),
    ]
