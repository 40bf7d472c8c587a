from typing import Any

from django.db import migrations

ADDED = {"city_admin": "city.set_up", "system_admin": "system.run"}


def add(apps: Any, schema_editor: Any) -> None:
    """A city may have changed its rows: only what is new is added."""
    for code, capability in ADDED.items():
        for kind in apps.get_model("people", "PostKind").objects.filter(pk=code):
            if capability not in kind.capabilities:
                kind.capabilities = [*kind.capabilities, capability]
                kind.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0008_ends_that_took_effect")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
