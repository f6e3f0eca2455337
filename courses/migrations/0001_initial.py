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
        ('articles', '0002_the_twelve_skills'),
        ('quizzes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('bundle', models.CharField(max_length=64, verbose_name='bundle')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('language', models.CharField(default='en', max_length=35, verbose_name='language')),
                ('licence', models.CharField(blank=True, max_length=120, verbose_name='licence')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('opening', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.quiz')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'course',
                'verbose_name_plural': 'courses',
                'ordering': ['title', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'bundle'), name='course_bundle_once')],
            },
        ),
        migrations.CreateModel(
            name='CohortCourse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohort_courses', to='accounts.cohort')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohort_courses', to='courses.course')),
            ],
            options={
                'verbose_name': 'course of a class',
                'verbose_name_plural': 'courses of classes',
                'ordering': ['cohort', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('cohort', 'course'), name='cohort_course_once')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('enrolled_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='enrolled at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='accounts.cohort')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='courses.course')),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'enrolment',
                'verbose_name_plural': 'enrolments',
                'ordering': ['-enrolled_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cohort', None), ('ended_at', None)), fields=('learner', 'course'), name='enrolment_alone_once'), models.UniqueConstraint(condition=models.Q(('cohort__isnull', False), ('ended_at', None)), fields=('learner', 'course', 'cohort'), name='enrolment_in_cohort_once'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('enrolled_at')), _connector='OR'), name='enrolment_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Module',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('ref', models.CharField(max_length=64, verbose_name='ref')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='modules', to='courses.course')),
            ],
            options={
                'verbose_name': 'module',
                'verbose_name_plural': 'modules',
                'ordering': ['course', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('course', 'ref'), name='module_ref_once')],
            },
        ),
        migrations.CreateModel(
            name='Lesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('ref', models.CharField(max_length=64, verbose_name='ref')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='courses.course')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='courses.module')),
            ],
            options={
                'verbose_name': 'lesson',
                'verbose_name_plural': 'lessons',
                'ordering': ['module__position', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('course', 'ref'), name='lesson_ref_once')],
            },
        ),
        migrations.CreateModel(
            name='LessonRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveIntegerField(default=1, verbose_name='number')),
                ('schema_version', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published at')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('summary', models.CharField(blank=True, max_length=400, verbose_name='summary')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='courses.lesson')),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'revision of a lesson',
                'verbose_name_plural': 'revisions of lessons',
                'ordering': ['lesson', '-number'],
                'constraints': [models.UniqueConstraint(fields=('lesson', 'number'), name='lesson_revision_number_once'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('lesson',), name='lesson_revision_one_draft'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='lesson_revision_takes_time')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('kind', models.CharField(choices=[('explain', 'explain'), ('read', 'read'), ('practice', 'practice'), ('quiz', 'quiz')], max_length=8, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('body', models.TextField(blank=True, help_text='Markdown.', verbose_name='text')),
                ('minutes', models.PositiveSmallIntegerField(default=1, verbose_name='minutes')),
                ('on_short_route', models.BooleanField(default=True, verbose_name='on the short route')),
                ('first_line', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('last_line', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
                ('lesson_revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='courses.lessonrevision')),
                ('quiz', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='quizzes.quiz')),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.skill')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['lesson_revision', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('lesson_revision', 'key'), name='step_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('article', None), ('kind', 'explain'), ('quiz', None), ('skill', None), models.Q(('body', ''), _negated=True)), models.Q(('article__isnull', False), ('kind', 'read'), ('quiz', None)), models.Q(('article', None), ('kind__in', ['practice', 'quiz']), ('quiz__isnull', False), ('skill', None)), _connector='OR'), name='step_fits_its_kind'), models.CheckConstraint(condition=models.Q(models.Q(('first_line', None), ('last_line', None)), models.Q(('first_line__gte', 1), ('kind', 'read'), ('last_line__gte', models.F('first_line'))), _connector='OR'), name='step_lines_in_order')],
            },
        ),
        migrations.CreateModel(
            name='StepProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step_key', models.CharField(max_length=64)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='step_progress', to='courses.enrolment')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.lesson')),
            ],
            options={
                'verbose_name': 'progress in a step',
                'verbose_name_plural': 'progress in steps',
                'ordering': ['enrolment', 'opened_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'lesson', 'step_key'), name='step_progress_once'), models.CheckConstraint(condition=models.Q(('done_at', None), ('done_at__gte', models.F('opened_at')), _connector='OR'), name='step_progress_done_after_opening')],
            },
        ),
        migrations.AddField(
            model_name='lesson',
            name='published',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.lessonrevision'),
        ),
    ]
