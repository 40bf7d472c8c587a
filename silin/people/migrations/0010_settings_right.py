from typing import Any

from django.db import migrations

HOLDERS = ("city_admin", "system_admin")
SETTINGS = "settings.edit"


def add(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("people", "PostKind").objects.filter(code__in=HOLDERS):
        if SETTINGS not in row.capabilities:
            row.capabilities = [*row.capabilities, SETTINGS]
            row.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0009_installation")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
