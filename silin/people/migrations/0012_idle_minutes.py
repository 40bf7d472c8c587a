from datetime import date
from typing import Any

from django.db import migrations


def seed(apps: Any, schema_editor: Any) -> None:
    apps.get_model("places", "Number").objects.get_or_create(
        name="accounts.idle_minutes",  # so long nobody has to do anything before a desk locks
        place_path="",
        valid_from=date(2000, 1, 1),
        defaults={"value": 15},
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0011_quiet_hours"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
