from datetime import date
from typing import Any

from django.db import migrations


def seed(apps: Any, schema_editor: Any) -> None:
    apps.get_model("places", "Number").objects.get_or_create(
        name="notices.gather_minutes",  # so long after a message further ones gather
        place_path="",
        valid_from=date(2000, 1, 1),
        defaults={"value": 15},
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0014_session_limits"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
