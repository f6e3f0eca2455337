from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_classes_consents_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name='cohortmember',
            name='uuid',
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
