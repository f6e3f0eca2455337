import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_classes_consents_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('articles', '0006_hidden_and_swapped_articles'),
        ('quizzes', '0004_questions_follow_their_article'),
    ]

    operations = [
        migrations.CreateModel(
            name='GradingDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('levels', models.JSONField(default=dict, verbose_name='levels')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('edition', models.PositiveIntegerField(default=0)),
                ('done', models.BooleanField(default=False, verbose_name='graded')),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='grading_draft', to='quizzes.attemptitem')),
            ],
            options={
                'verbose_name': 'grading draft',
                'verbose_name_plural': 'grading drafts',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('held_until', None), ('holder', None)), models.Q(('held_until__isnull', False), ('holder__isnull', False)), _connector='OR'), name='grading_draft_held_until'), models.CheckConstraint(condition=models.Q(('done', False), ('by__isnull', False), _connector='OR'), name='grading_draft_by')],
            },
        ),
        migrations.CreateModel(
            name='QuizAnalysis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('figures', models.JSONField(default=dict, verbose_name='figures')),
                ('learners', models.PositiveIntegerField(default=0, verbose_name='learners')),
                ('newest_score', models.BigIntegerField(default=0)),
                ('computed_at', models.DateTimeField(blank=True, null=True, verbose_name='computed at')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='asked for at')),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.cohort')),
                ('quiz', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='analyses', to='quizzes.quiz')),
            ],
            options={
                'verbose_name': 'item analysis',
                'verbose_name_plural': 'item analyses',
                'constraints': [models.UniqueConstraint(condition=models.Q(('cohort__isnull', False)), fields=('quiz', 'cohort'), name='analysis_once_a_cohort'), models.UniqueConstraint(condition=models.Q(('cohort', None)), fields=('quiz',), name='analysis_once_a_quiz')],
            },
        ),
        migrations.CreateModel(
            name='Regrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('key', 'by the mended key'), ('everyone', 'everyone gets the point'), ('drop', 'drop the question')], max_length=8, verbose_name='what')),
                ('replace_manual', models.BooleanField(default=False, verbose_name='also scores given by hand')),
                ('reason', models.TextField(verbose_name='reason')),
                ('status', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=7, verbose_name='status')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='of')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohorts', models.ManyToManyField(related_name='+', to='accounts.cohort')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='quizzes.question')),
                ('quiz', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.quiz')),
                ('to_revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.questionrevision')),
            ],
            options={
                'verbose_name': 'regrade',
                'verbose_name_plural': 'regrades',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='regrade_explained'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'key'), ('to_revision__isnull', False)), models.Q(('kind__in', ['everyone', 'drop']), ('to_revision', None)), _connector='OR'), name='regrade_to_a_key'), models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'running', 'done', 'failed'])), name='regrade_status_known'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='regrade_done_of_total')],
            },
        ),
        migrations.CreateModel(
            name='SavedComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(max_length=500, verbose_name='comment')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_comments', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.question')),
            ],
            options={
                'verbose_name': 'saved comment',
                'verbose_name_plural': 'saved comments',
                'ordering': ['owner', 'text'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None), ('question__isnull', False)), fields=('owner', 'question', 'text'), name='saved_comment_once_a_question'), models.UniqueConstraint(condition=models.Q(('archived_at', None), ('question', None)), fields=('owner', 'text'), name='saved_comment_once')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('everyone', models.BooleanField(default=True, verbose_name='for the whole class')),
                ('attempt_rule', models.CharField(choices=[('best', 'the best try'), ('last', 'the last try'), ('first', 'the first try'), ('mean', 'the mean of all tries')], default='best', max_length=5, verbose_name='which try counts')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('late_policy', models.CharField(choices=[('accept', 'count late work in full'), ('percent', 'take off some per cent for each day'), ('none', 'take no late work')], default='accept', max_length=7, verbose_name='late work')),
                ('late_percent', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='per cent off for each day')),
                ('attempts_allowed', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='tries')),
                ('time_limit_s', models.PositiveIntegerField(blank=True, null=True, verbose_name='time limit in seconds')),
                ('feedback', models.CharField(blank=True, choices=[('at_once', 'at once'), ('after_submit', 'after submitting'), ('after_close', 'when the assignment has closed')], default='', max_length=12, verbose_name='feedback')),
                ('release', models.CharField(choices=[('auto', 'as soon as it is graded'), ('held', 'when the teacher says so')], default='auto', max_length=4, verbose_name='marks are shown')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived at')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='accounts.cohort', verbose_name='class')),
                ('quiz', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='quizzes.quiz', verbose_name='quiz')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
                'ordering': ['cohort', models.OrderBy(models.F('due_at'), nulls_last=True), 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('cohort', 'quiz'), name='assignment_live_once'), models.CheckConstraint(condition=models.Q(('opens_at', None), ('due_at', None), ('due_at__gte', models.F('opens_at')), _connector='OR'), name='assignment_due_after_opening'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('due_at', None), ('closes_at__gte', models.F('due_at')), _connector='OR'), name='assignment_closes_after_due'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('opens_at', None), ('closes_at__gt', models.F('opens_at')), _connector='OR'), name='assignment_closes_after_opening'), models.CheckConstraint(condition=models.Q(models.Q(('late_percent', 0), ('late_policy__in', ['accept', 'none'])), models.Q(('late_percent__gte', 1), ('late_percent__lte', 100), ('late_policy', 'percent')), _connector='OR'), name='assignment_late_percent'), models.CheckConstraint(condition=models.Q(('attempts_allowed', None), ('attempts_allowed__gt', 0), _connector='OR'), name='assignment_some_attempts'), models.CheckConstraint(condition=models.Q(('time_limit_s', None), ('time_limit_s__gt', 0), _connector='OR'), name='assignment_some_time'), models.CheckConstraint(condition=models.Q(('attempt_rule__in', ['best', 'last', 'first', 'mean'])), name='assignment_rule_known'), models.CheckConstraint(condition=models.Q(('feedback__in', ['', 'at_once', 'after_submit', 'after_close'])), name='assignment_feedback_known'), models.CheckConstraint(condition=models.Q(('release__in', ['auto', 'held'])), name='assignment_release_known')],
            },
        ),
        migrations.CreateModel(
            name='Accommodation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('extra_percent', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='more time, in per cent')),
                ('extra_s', models.PositiveIntegerField(blank=True, null=True, verbose_name='more time, in seconds')),
                ('extra_attempts', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='more tries')),
                ('extra_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='more days')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.cohort')),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accommodations', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accommodations', to='quizzes.assignment')),
            ],
            options={
                'verbose_name': 'accommodation',
                'verbose_name_plural': 'accommodations',
                'constraints': [models.UniqueConstraint(condition=models.Q(('assignment__isnull', False)), fields=('learner', 'assignment'), name='accommodation_once_an_assignment'), models.UniqueConstraint(condition=models.Q(('assignment', None)), fields=('learner', 'cohort'), name='accommodation_once_a_cohort'), models.CheckConstraint(condition=models.Q(('due_at', None), ('assignment__isnull', False), _connector='OR'), name='accommodation_date_of_an_assignment'), models.CheckConstraint(condition=models.Q(('extra_percent', None), ('extra_percent__lte', 400), _connector='OR'), name='accommodation_percent_to_400'), models.CheckConstraint(condition=models.Q(('extra_s', None), ('extra_s__lte', 86400), _connector='OR'), name='accommodation_a_day_more')],
            },
        ),
        migrations.CreateModel(
            name='AssignmentLearner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named', to='quizzes.assignment')),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'learner of an assignment',
                'verbose_name_plural': 'learners of assignments',
                'constraints': [models.UniqueConstraint(fields=('assignment', 'learner'), name='assignment_learner_once')],
            },
        ),
        migrations.CreateModel(
            name='GradeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('excused', 'excused'), ('override', 'set by hand'), ('none', 'as scored')], max_length=8, verbose_name='kind')),
                ('fraction', models.FloatField(blank=True, null=True, verbose_name='mark')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grade_entries', to='quizzes.assignment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grade_entries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'entry in the gradebook',
                'verbose_name_plural': 'entries in the gradebook',
                'ordering': ['assignment', 'learner', '-at', '-pk'],
                'indexes': [models.Index(fields=['assignment', 'learner', 'at'], name='grade_entry_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('fraction', None), ('kind__in', ['excused', 'none'])), models.Q(('fraction__gte', 0), ('fraction__isnull', False), ('fraction__lte', 1), ('kind', 'override')), _connector='OR'), name='grade_entry_fraction_of_override'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grade_entry_explained')],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='learners',
            field=models.ManyToManyField(blank=True, related_name='+', through='quizzes.AssignmentLearner', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RemoveConstraint(
            model_name='quizrevision',
            name='quiz_revision_feedback_known',
        ),
        migrations.AddField(
            model_name='attempt',
            name='extra_s',
            field=models.PositiveIntegerField(default=0, verbose_name='more time in seconds'),
        ),
        migrations.AlterField(
            model_name='quizrevision',
            name='feedback',
            field=models.CharField(choices=[('at_once', 'at once'), ('after_submit', 'after submitting'), ('after_close', 'when the assignment has closed')], max_length=12, verbose_name='feedback'),
        ),
        migrations.AddConstraint(
            model_name='quizrevision',
            constraint=models.CheckConstraint(condition=models.Q(('feedback__in', ['at_once', 'after_submit', 'after_close'])), name='quiz_revision_feedback_known'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='assignment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.assignment'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['assignment', 'learner'], name='attempt_of_assignment'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('assignment', None), ('cohort__isnull', False), _connector='OR'), name='attempt_assigned_in_a_cohort'),
        ),
    ]
