from datetime import date
from typing import Any

from django.db import migrations

from silin.places.facility_kinds import FACILITY_KINDS, NET_KINDS

OLD_BEFORE = 2001  # 老旧小区: built before the end of 2000, by the State Council's guidance No. 23 of 2020


def seed(apps: Any, schema_editor: Any) -> None:
    for name, rows in (("FacilityKind", FACILITY_KINDS), ("NetKind", NET_KINDS)):
        kind = apps.get_model("places", name)
        for serial, (code, title, title_en) in enumerate(rows, 1):
            values = {"title": title, "title_en": title_en, "serial": serial * 10}
            kind.objects.get_or_create(code=code, defaults=values)
    number = apps.get_model("places", "Number")
    number.objects.get_or_create(
        name="places.old_estate_before",
        place_path="",
        valid_from=date(2000, 1, 1),
        defaults={"value": OLD_BEFORE},
    )


class Migration(migrations.Migration):
    dependencies = [("places", "0004_ground")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
