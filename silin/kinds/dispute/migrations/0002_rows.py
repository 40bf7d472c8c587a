from typing import Any

from django.db import migrations

from silin.places.numbers import write_first_numbers

NUMBERS = {
    "dispute.confirm_days": 30,  # days in which both sides may ask a court to confirm an agreement
    "dispute.confirm_warn_days": 7,  # days before that at which they are reminded
    "dispute.visit_days": 14,  # days after an agreement until somebody goes and sees
}
RISKS = (("green", "community", 7), ("yellow", "street", 3), ("red", "county", 1))


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)
    rule = apps.get_model("dispute", "RiskRule")
    for risk, level, days in RISKS:
        rule.objects.get_or_create(risk=risk, defaults={"level": level, "look_days": days})


class Migration(migrations.Migration):
    dependencies = [("dispute", "0001_initial"), ("places", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
