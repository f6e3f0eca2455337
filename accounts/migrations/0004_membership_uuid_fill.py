import uuid

from django.db import migrations

BATCH = 1000


def fill(apps, schema_editor):
    places = apps.get_model('accounts', 'CohortMember').objects.order_by('pk')
    while batch := list(places.filter(uuid=None)[:BATCH]):
        for place in batch:
            place.uuid = uuid.uuid4()
        places.model.objects.bulk_update(batch, ['uuid'])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_membership_uuid_add'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
