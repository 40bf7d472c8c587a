"""The official days off and make-up workdays of 2024 to 2026, numbers and kinds; later ones are rows."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.db import migrations

from silin.places.facility_kinds import FACILITY_KINDS, NET_KINDS
from silin.places.numbers import write_first_numbers

CSV = Path(__file__).resolve().parent.parent / "data" / "workdays_2024_2026.csv"
NUMBERS = {
    # 老旧小区: built before the end of 2000, by the State Council's guidance No. 23 of 2020
    "places.old_estate_before": 2001,
    "places.sliver_m2": 20,
}


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)
    day_off = apps.get_model("places", "DayOff")
    with CSV.open(encoding="utf-8", newline="") as file:
        rows = [
            day_off(day=date.fromisoformat(row["date"]), kind=row["kind"], name=row["name"])
            for row in csv.DictReader(file)
        ]
    day_off.objects.bulk_create(rows, ignore_conflicts=True)
    for name, kinds in (("FacilityKind", FACILITY_KINDS), ("NetKind", NET_KINDS)):
        kind = apps.get_model("places", name)
        for serial, (code, title, title_en) in enumerate(kinds, 1):
            values = {"title": title, "title_en": title_en, "serial": serial * 10}
            kind.objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
