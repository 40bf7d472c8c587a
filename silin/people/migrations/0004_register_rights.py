from typing import Any

from django.db import migrations

from silin.people.post_kinds import POST_KINDS, REGISTER


def add(apps: Any, schema_editor: Any) -> None:
    """A city may have changed its rows: only what is new is added, and only where we would have it."""
    kind = apps.get_model("people", "PostKind")
    for row in POST_KINDS:
        for known in kind.objects.filter(pk=row.code):
            new = [each for each in REGISTER if each in row.capabilities and each not in known.capabilities]
            if new:
                known.capabilities = [*known.capabilities, *new]
                known.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0003_households")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
