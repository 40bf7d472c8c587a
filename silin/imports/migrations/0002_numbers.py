from typing import Any

from django.db import migrations

from silin.places.numbers import write_first_numbers

NUMBERS = {"imports.undo_days": 7}  # days in which a batch can be taken back


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("places", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
