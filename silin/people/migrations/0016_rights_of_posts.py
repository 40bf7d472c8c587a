from typing import Any

from django.db import migrations

HOLDER, RIGHT = "security_admin", "rights.edit"


def add(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("people", "PostKind").objects.filter(code=HOLDER):
        if RIGHT not in row.capabilities:
            row.capabilities = [*row.capabilities, RIGHT]
            row.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0015_gathering")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
