import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('articles', '0003_publish_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='Orphan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=64, verbose_name='ref')),
                ('kind', models.CharField(choices=[('required', 'to find'), ('acceptable', 'readers differ'), ('foil', 'fine as written')], max_length=10, verbose_name='kind')),
                ('exact', models.TextField(verbose_name='words')),
                ('prefix', models.CharField(blank=True, max_length=32)),
                ('suffix', models.CharField(blank=True, max_length=32)),
                ('paragraph', models.PositiveIntegerField(blank=True, null=True, verbose_name='paragraph')),
                ('rationale', models.TextField(blank=True, verbose_name='why')),
                ('instead', models.TextField(blank=True, verbose_name='sound reporting would say')),
                ('minority', models.TextField(blank=True, verbose_name='some readers say')),
                ('readings', models.PositiveSmallIntegerField(default=1, verbose_name='independent readings')),
                ('party', models.CharField(blank=True, max_length=64, verbose_name='party that the fault hits')),
                ('fact_checked_on', models.DateField(blank=True, null=True, verbose_name='fact checked on')),
                ('reason', models.CharField(choices=[('several', 'the words are there several times'), ('gone', 'the words are not there any more')], max_length=10, verbose_name='what happened')),
                ('outcome', models.CharField(blank=True, choices=[('', 'waits for you'), ('placed', 'placed'), ('left out', 'left out')], default='', max_length=10, verbose_name='outcome')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='why it was left out')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved at')),
                ('origin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.annotation')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orphans', to='articles.articlerevision', verbose_name='revision of an article')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.skill', verbose_name='skill')),
            ],
            options={
                'verbose_name': 'annotation without a place',
                'verbose_name_plural': 'annotations without a place',
                'ordering': ['revision', 'paragraph', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('resolved_at', None)), models.Q(('outcome', 'placed'), ('resolved_at__isnull', False)), models.Q(('outcome', 'left out'), ('resolved_at__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='orphan_resolved_whole')],
            },
        ),
        migrations.AddField(
            model_name='annotation',
            name='to_confirm',
            field=models.BooleanField(default=False, help_text='The words changed a little. Read it again.', verbose_name='to confirm'),
        ),
    ]
