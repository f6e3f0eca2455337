import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_classes_consents_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('courses', '0002_publish_permission'),
        ('quizzes', '0005_assignments_grading_and_analyses'),
    ]

    operations = [
        migrations.CreateModel(
            name='CohortCourseItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step_key', models.CharField(max_length=64)),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='course_item', to='quizzes.assignment')),
                ('cohort_course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='courses.cohortcourse')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.lesson')),
            ],
            options={
                'verbose_name': 'assignment of a course',
                'verbose_name_plural': 'assignments of courses',
                'constraints': [models.UniqueConstraint(fields=('cohort_course', 'lesson', 'step_key'), name='cohort_course_item_once')],
            },
        ),
        migrations.CreateModel(
            name='CohortCourseLearner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cohort_course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named', to='courses.cohortcourse')),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'learner of a course of a class',
                'verbose_name_plural': 'learners of courses of classes',
                'constraints': [models.UniqueConstraint(fields=('cohort_course', 'learner'), name='cohort_course_learner_once')],
            },
        ),
        migrations.CreateModel(
            name='Presentation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('scene', models.CharField(choices=[('join', 'joining'), ('work', 'working'), ('marks', "the class's marks"), ('finding', 'one finding at a time'), ('ticket', 'exit ticket')], default='join', max_length=7, verbose_name='scene')),
                ('finding', models.PositiveSmallIntegerField(default=0, verbose_name='finding')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened at')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presentations', to='accounts.cohort')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.lesson')),
            ],
            options={
                'verbose_name': 'presentation',
                'verbose_name_plural': 'presentations',
                'ordering': ['-opened_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('cohort',), name='presentation_one_at_a_time'), models.CheckConstraint(condition=models.Q(('scene__in', ['join', 'work', 'marks', 'finding', 'ticket'])), name='presentation_scene_known')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='cohortcourse',
            name='cohort_course_once',
        ),
        migrations.AddField(
            model_name='cohortcourse',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='due'),
        ),
        migrations.AddField(
            model_name='cohortcourse',
            name='everyone',
            field=models.BooleanField(default=True, verbose_name='for the whole class'),
        ),
        migrations.AddField(
            model_name='cohortcourse',
            name='lesson',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.lesson'),
        ),
        migrations.AddField(
            model_name='cohortcourse',
            name='module',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.module'),
        ),
        migrations.AddField(
            model_name='cohortcourse',
            name='opens_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='opens'),
        ),
        migrations.AddConstraint(
            model_name='cohortcourse',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None), ('lesson', None), ('module', None)), fields=('cohort', 'course'), name='cohort_course_once'),
        ),
        migrations.AddConstraint(
            model_name='cohortcourse',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None), ('module__isnull', False)), fields=('cohort', 'module'), name='cohort_module_once'),
        ),
        migrations.AddConstraint(
            model_name='cohortcourse',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None), ('lesson__isnull', False)), fields=('cohort', 'lesson'), name='cohort_lesson_once'),
        ),
        migrations.AddConstraint(
            model_name='cohortcourse',
            constraint=models.CheckConstraint(condition=models.Q(('module', None), ('lesson', None), _connector='OR'), name='cohort_course_module_or_lesson'),
        ),
        migrations.AddConstraint(
            model_name='cohortcourse',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at', None), ('due_at', None), ('due_at__gte', models.F('opens_at')), _connector='OR'), name='cohort_course_due_after_opening'),
        ),
    ]
