from datetime import date
from typing import Any

from django.db import migrations

NUMBERS = {
    "matters.warn_share": 0.7,  # of the handle time used up: yellow
    "matters.verify_days": 7,  # days the raiser has to say "not yet"
    "matters.redo_days": 1,  # working days after "not yet"
    "matters.pause_days": 14,  # days after which a stopped clock goes on by itself
    "matters.reopen_days": 30,  # days after closing
    "matters.review_days": 30,  # days a review link works
    "matters.escalate_days": 2,  # working days between two steps upward
}


def seed(apps: Any, schema_editor: Any) -> None:
    number = apps.get_model("places", "Number")
    for name, value in NUMBERS.items():
        number.objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
