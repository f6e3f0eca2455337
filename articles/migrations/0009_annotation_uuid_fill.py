import uuid

from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    """The column's default gave all rows that were there one and the same UUID."""
    Annotation = apps.get_model("articles", "Annotation")
    keys = list(Annotation.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        rows = [Annotation(pk=key, uuid=uuid.uuid4()) for key in keys[first : first + BATCH]]
        Annotation.objects.bulk_update(rows, ["uuid"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_annotation_uuid")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
