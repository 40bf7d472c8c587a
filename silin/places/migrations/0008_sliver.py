from datetime import date
from typing import Any

from django.db import migrations


def seed(apps: Any, schema_editor: Any) -> None:
    apps.get_model("places", "Number").objects.get_or_create(
        name="places.sliver_m2", place_path="", valid_from=date(2000, 1, 1), defaults={"value": 20}
    )


class Migration(migrations.Migration):
    dependencies = [("places", "0007_planned_changes")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
