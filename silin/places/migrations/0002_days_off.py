"""The official days off and make-up workdays of 2024 to 2026; later years are added as rows."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CSV = Path(__file__).resolve().parent.parent / "data" / "workdays_2024_2026.csv"


def seed(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    day_off = apps.get_model("places", "DayOff")
    with CSV.open(encoding="utf-8", newline="") as file:
        rows = [
            day_off(day=date.fromisoformat(row["date"]), kind=row["kind"], name=row["name"])
            for row in csv.DictReader(file)
        ]
    day_off.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
