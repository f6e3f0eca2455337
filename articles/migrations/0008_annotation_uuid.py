import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_the_key_when_a_second_was_closed")]
    operations = [
        migrations.AddField(
            "annotation", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, null=True)
        ),
    ]
