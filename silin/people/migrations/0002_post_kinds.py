from typing import Any

from django.db import migrations

from silin.people.post_kinds import seed


def write(apps: Any, schema_editor: Any) -> None:
    seed(apps.get_model("people", "PostKind"))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
