from typing import Any

from django.db import migrations

from silin.places.numbers import write_first_numbers

NUMBERS = {
    "bad_review.call_hours": 4,  # working hours within which the reviewer is called
    "bad_review.rectify_days": 5,  # working days until it is put right and answered
}
GRADE_AT_MOST = 2


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)
    follow_up = apps.get_model("matters", "FollowUp")
    said = {"grade_at_most": GRADE_AT_MOST, "raises": "bad_review"}
    follow_up.objects.get_or_create(kind="", defaults=said)


class Migration(migrations.Migration):
    dependencies = [
        ("bad_review", "0001_initial"),
        ("matters", "0001_initial"),
        ("places", "0001_initial"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
