import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_steps_say_which_text_they_show")]
    operations = [
        migrations.AddField(
            "module", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, null=True)
        ),
    ]
