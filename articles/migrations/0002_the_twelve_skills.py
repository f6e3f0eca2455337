from django.db import migrations

# code, slug, polarity: whether its units are problems or sound (else they are categories)
SKILLS = [
    ("S1", "text-type", False),
    ("S2", "attribution", True),
    ("S3", "source-quality", True),
    ("S4", "quote-integrity", True),
    ("S5", "quote-function", False),
    ("S6", "loaded-language", True),
    ("S7", "checkability", True),
    ("S8", "certainty", True),
    ("S9", "cause-and-motive", True),
    ("S10", "identity-framing", True),
    ("S11", "missing-voices", True),
    ("S12", "call-to-action", True),
]


def add_skills(apps, schema_editor):
    Skill = apps.get_model("articles", "Skill")
    for position, (code, slug, polarity) in enumerate(SKILLS, start=1):
        Skill.objects.update_or_create(
            slug=slug, defaults={"code": code, "position": position, "polarity": polarity}
        )


def remove_skills(apps, schema_editor):
    apps.get_model("articles", "Skill").objects.filter(slug__in=[slug for _, slug, _ in SKILLS]).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(add_skills, remove_skills)]
