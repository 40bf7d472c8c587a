from typing import Any

from django.db import migrations

BEFORE = ["places.see"]
NOW = ["places.see", "matters.see", "matters.handle", "matters.name"]


def widen(apps: Any, schema_editor: Any) -> None:
    """Where a city has not said otherwise."""
    kinds = apps.get_model("people", "PostKind").objects.filter(code="property_manager", reach="estates")
    for kind in kinds:
        if kind.capabilities == BEFORE:
            kind.capabilities = NOW
            kind.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0023_teams_opened_again")]
    operations = [migrations.RunPython(widen, migrations.RunPython.noop)]
