import uuid

from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    """The column's default gave all rows that were there one and the same UUID."""
    Module = apps.get_model("courses", "Module")
    keys = list(Module.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        rows = [Module(pk=key, uuid=uuid.uuid4()) for key in keys[first : first + BATCH]]
        Module.objects.bulk_update(rows, ["uuid"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_module_uuid")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
