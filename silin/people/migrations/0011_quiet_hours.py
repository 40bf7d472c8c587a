from datetime import date
from typing import Any

from django.db import migrations

NUMBERS = {
    "notices.quiet_from": 21,  # o'clock: from then on text messages and e-mails wait
    "notices.quiet_until": 8,  # o'clock: until then
}


def seed(apps: Any, schema_editor: Any) -> None:
    number = apps.get_model("places", "Number")
    for name, value in NUMBERS.items():
        number.objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0010_settings_right"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
