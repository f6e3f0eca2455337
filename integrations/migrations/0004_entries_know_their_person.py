import uuid

from django.db import migrations


def name_persons(apps, schema_editor):
    """Whom the entries are about that there are; what is about somebody who was erased is forgotten now."""
    User, Attempt, Entry = (
        apps.get_model(*name)
        for name in (("accounts", "User"), ("quizzes", "Attempt"), ("integrations", "ApiEntry"))
    )
    start = 0
    while rows := list(Entry.objects.filter(pk__gt=start).order_by("pk")[:500]):
        start = rows[-1].pk
        named = {row.pk: _person_of(row) for row in rows}
        attempts = {row.pk: _attempt_of(row) for row in rows}
        users = {
            str(one): (pk, erased)
            for one, pk, erased in User.objects.filter(uuid__in=set(named.values()) - {None}).values_list(
                "uuid", "pk", "erased_at"
            )
        }
        learners = {
            str(one): (pk, erased)
            for one, pk, erased in Attempt.objects.filter(
                uuid__in=set(attempts.values()) - {None}
            ).values_list("uuid", "learner", "learner__erased_at")
        }
        changed = []
        for row in rows:
            found = users.get(named[row.pk]) or learners.get(attempts[row.pk])
            if found is not None:
                row.person_id, erased = found
                if erased is not None:
                    row.before = row.after = None
                changed.append(row)
        Entry.objects.bulk_update(changed, ["person", "before", "after"])


def _person_of(row):
    if row.kind == "accounts.user":
        return _uuid(row.object_uuid)
    return _named(row, ("learner", "user"))


def _attempt_of(row):
    return _named(row, ("attempt",)) if row.kind == "quizzes.itemresponse" else None


def _named(row, names):
    for shown in (row.after, row.before):
        if isinstance(shown, dict):
            for name in names:
                if found := _uuid(shown.get(name)):
                    return found
    return None


def _uuid(given):
    try:
        return str(uuid.UUID(str(given)))
    except ValueError:
        return None


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0003_entry_person'),
        ('accounts', '0005_membership_uuid_once'),
        ('quizzes', '0011_entries_and_evidence_have_a_uuid'),
    ]

    operations = [migrations.RunPython(name_persons, migrations.RunPython.noop)]
