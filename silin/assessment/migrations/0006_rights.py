from typing import Any

from django.db import migrations

RIGHTS = {
    "city_assessment": ["catalogue.edit", "vetoes.decide"],
    "city_admin": ["catalogue.edit"],
}


def give(apps: Any, schema_editor: Any) -> None:
    """A city that runs already: its assessment office may do it, until the city decides otherwise."""
    for row in apps.get_model("people", "PostKind").objects.filter(code__in=RIGHTS):
        row.capabilities += [each for each in RIGHTS[row.code] if each not in row.capabilities]
        row.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_vetoes"), ("people", "0003_system_posts")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
