from typing import Any

from django.db import migrations

ADDED = {code: ["routing.edit"] for code in ("county_duty", "city_duty", "city_admin")}


def add(apps: Any, schema_editor: Any) -> None:
    """A city may have changed its rows: only what is new is added."""
    for kind in apps.get_model("people", "PostKind").objects.filter(code__in=ADDED):
        new = [each for each in ADDED[kind.code] if each not in kind.capabilities]
        if new:
            kind.capabilities = [*kind.capabilities, *new]
            kind.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0020_request_and_attention_rows")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
