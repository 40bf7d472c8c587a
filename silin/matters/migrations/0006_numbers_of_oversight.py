from datetime import date
from typing import Any

from django.db import migrations
from django.db.models import F

NUMBERS = {
    "matters.contact_hours": 2,  # working hours within which the raiser is spoken with
    "matters.defer_days": 92,  # days at most until a review day
    "matters.urge_hours": 24,  # hours between two times that one person asks for speed
    "matters.look_back_days": 30,  # days after a supervision is lifted
}


def seed(apps: Any, schema_editor: Any) -> None:
    number = apps.get_model("places", "Number")
    for name, value in NUMBERS.items():
        number.objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )

    matter = apps.get_model("matters", "Matter")
    matter.objects.filter(held_since__lt=F("raised_at")).update(held_since=F("raised_at"))


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_oversight"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
