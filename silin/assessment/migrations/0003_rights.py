from typing import Any

from django.db import migrations

RIGHT = "catalogue.edit"


def give(apps: Any, schema_editor: Any) -> None:
    """A city that runs already: who keeps its routing keeps its catalogue, until it decides otherwise."""
    for row in apps.get_model("people", "PostKind").objects.filter(code="city_admin"):
        if RIGHT not in row.capabilities:
            row.capabilities = [*row.capabilities, RIGHT]
            row.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_first_numbers"), ("people", "0003_system_posts")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
