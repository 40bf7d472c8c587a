from datetime import date
from typing import Any

from django.db import migrations

NUMBERS = {
    "accounts.desk_hours": 12,  # so long a desk stays signed in at most
    "accounts.away_hours": 8,  # so long nobody came back to a locked desk before it signs out
    "accounts.phone_days": 30,  # so long a worker's phone stays signed in at most
}


def seed(apps: Any, schema_editor: Any) -> None:
    for name, value in NUMBERS.items():
        apps.get_model("places", "Number").objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0013_moves"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
