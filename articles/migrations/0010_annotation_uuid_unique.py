import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_annotation_uuid_fill")]
    operations = [
        migrations.AlterField(
            "annotation", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
