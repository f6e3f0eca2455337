import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0008_module_uuid_fill")]
    operations = [
        migrations.AlterField(
            "module", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
