from django.db import migrations

from silin.people.post_kinds import POST_KINDS


def seed(apps, schema_editor):  # type: ignore[no-untyped-def]
    kind = apps.get_model("people", "PostKind")
    for row in POST_KINDS:
        kind.objects.get_or_create(
            code=row.code,
            defaults={
                "title": row.title,
                "title_en": row.title_en,
                "level": row.level,
                "rank": row.rank,
                "capabilities": row.capabilities,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
