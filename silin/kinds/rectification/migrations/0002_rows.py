from typing import Any

from django.db import migrations

from silin.places.numbers import write_first_numbers

NUMBERS = {
    "rectification.handle_days": 20,  # working days until it is put right, where no day is set
    "rectification.look_back_days": 60,  # days after which somebody looks back at what was struck off
    "rectification.look_back_periods": 1,  # whole months or quarters after which a figure is measured again
    "rectification.look_remind_days": 7,  # days after which somebody who has not looked is told again
}
GROUP = {"name": "整改", "name_en": "Rectification", "respond_hours": 16, "handle_days": 20}


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)
    category = apps.get_model("matters", "Category")
    said = {**GROUP, "order": 9000, "private": True, "active": False}
    category.objects.get_or_create(code="rectification", defaults=said)


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0001_initial"),
        ("matters", "0001_initial"),
        ("places", "0001_initial"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
