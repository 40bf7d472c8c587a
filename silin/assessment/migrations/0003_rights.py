from typing import Any

from django.db import migrations

RIGHT = "catalogue.edit"


def give(apps: Any, schema_editor: Any) -> None:
    """A city that runs already: its assessment office keeps the catalogue, until it decides otherwise."""
    kinds = apps.get_model("people", "PostKind").objects
    for row in kinds.filter(code__in=("city_admin", "city_assessment")):
        if RIGHT not in row.capabilities:
            row.capabilities = [*row.capabilities, RIGHT]
            row.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_first_numbers"), ("people", "0003_system_posts")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
