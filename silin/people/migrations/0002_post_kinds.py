from django.db import migrations

from silin.people.post_kinds import seed


def write(apps, schema_editor):  # type: ignore[no-untyped-def]
    seed(apps.get_model("people", "PostKind"))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
