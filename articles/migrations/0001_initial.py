import articles.models.identity
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True, verbose_name='code')),
                ('slug', models.SlugField(unique=True, verbose_name='slug')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('polarity', models.BooleanField(default=True, verbose_name='has problems and sound units')),
            ],
            options={
                'verbose_name': 'skill',
                'verbose_name_plural': 'skills',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('bundle', models.CharField(blank=True, max_length=64, verbose_name='bundle')),
                ('ref', models.CharField(default=articles.models.identity.own_ref, max_length=64, verbose_name='ref')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
                'ordering': ['ref', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('organisation', 'bundle', 'ref'), name='article_ref_once')],
            },
        ),
        migrations.CreateModel(
            name='ArticleRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveIntegerField(default=1, verbose_name='number')),
                ('schema_version', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published at')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('byline', models.CharField(blank=True, max_length=250, verbose_name='byline')),
                ('source', models.CharField(help_text='Where it is from, or that it is invented.', max_length=500, verbose_name='source')),
                ('dateline', models.CharField(blank=True, max_length=120, verbose_name='dateline')),
                ('licence', models.CharField(max_length=120, verbose_name='licence')),
                ('content_note', models.CharField(blank=True, max_length=500, verbose_name='content note')),
                ('language', models.CharField(default='en', max_length=35, verbose_name='language')),
                ('direction', models.CharField(choices=[('ltr', 'left to right'), ('rtl', 'right to left')], default='ltr', max_length=3, verbose_name='direction')),
                ('text', models.TextField(verbose_name='text')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('blocks', models.JSONField(default=list)),
                ('sentences', models.JSONField(default=list)),
                ('words', models.JSONField(default=list)),
                ('rules_version', models.PositiveSmallIntegerField(default=1)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='articles.article', verbose_name='article')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'revision of an article',
                'verbose_name_plural': 'revisions of articles',
                'ordering': ['article', '-number'],
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='article_revision_number_once'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('article',), name='article_revision_one_draft'), models.CheckConstraint(condition=models.Q(('direction__in', ['ltr', 'rtl'])), name='article_revision_direction_known'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='article_revision_has_text')],
            },
        ),
        migrations.CreateModel(
            name='AnnotationSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('key', 'key'), ('blind', 'blind second key')], default='key', max_length=5, verbose_name='purpose')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('keyer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annotation_sets', to='articles.articlerevision')),
            ],
            options={
                'verbose_name': 'layer of annotations',
                'verbose_name_plural': 'layers of annotations',
                'constraints': [models.UniqueConstraint(condition=models.Q(('purpose', 'key')), fields=('revision',), name='annotation_set_one_key'), models.UniqueConstraint(condition=models.Q(('purpose', 'blind')), fields=('revision', 'keyer'), name='annotation_set_one_a_keyer'), models.CheckConstraint(condition=models.Q(('purpose', 'key'), models.Q(('keyer__isnull', False), ('purpose', 'blind')), _connector='OR'), name='annotation_set_purpose')],
            },
        ),
        migrations.CreateModel(
            name='Annotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=64, verbose_name='ref')),
                ('kind', models.CharField(choices=[('required', 'to find'), ('acceptable', 'readers differ'), ('foil', 'fine as written')], max_length=10, verbose_name='kind')),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('exact', models.TextField(verbose_name='words')),
                ('prefix', models.CharField(blank=True, max_length=32)),
                ('suffix', models.CharField(blank=True, max_length=32)),
                ('rationale', models.TextField(blank=True, verbose_name='why')),
                ('instead', models.TextField(blank=True, verbose_name='sound reporting would say')),
                ('minority', models.TextField(blank=True, verbose_name='some readers say')),
                ('readings', models.PositiveSmallIntegerField(default=1, verbose_name='independent readings')),
                ('party', models.CharField(blank=True, max_length=64, verbose_name='party that the fault hits')),
                ('fact_checked_on', models.DateField(blank=True, null=True, verbose_name='fact checked on')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='articles.annotationset')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.skill', verbose_name='skill')),
            ],
            options={
                'verbose_name': 'annotation',
                'verbose_name_plural': 'annotations',
                'ordering': ['set', 'start', 'end', 'pk'],
                'indexes': [models.Index(fields=['set', 'start'], name='annotation_in_text_order')],
                'constraints': [models.UniqueConstraint(fields=('set', 'ref'), name='annotation_ref_once'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='annotation_has_length'), models.CheckConstraint(condition=models.Q(('readings__gte', 1)), name='annotation_read_by_someone'), models.CheckConstraint(condition=models.Q(('kind__in', ['required', 'acceptable', 'foil'])), name='annotation_kind_known')],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='published',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.articlerevision'),
        ),
    ]
