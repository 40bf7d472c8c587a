from datetime import date
from typing import Any

from django.db import migrations

NUMBERS = {
    "matters.report_hours": 4,  # working hours within which a whistled department comes
    "matters.returns_at_most": 3,  # then the level above decides, and that cannot be given back
}
STREET = ("street_duty", "street_centre_head")
WHISTLES = {
    "community_desk": STREET,
    "community_secretary": STREET,
    "street_duty": ("street_clerk", "county_clerk", "county_duty"),
    "street_centre_head": ("street_clerk", "county_clerk", "county_duty"),
    "county_duty": ("county_clerk", "city_clerk", "city_duty"),
    "city_duty": ("city_clerk",),
}


def seed(apps: Any, schema_editor: Any) -> None:
    number = apps.get_model("places", "Number")
    for name, value in NUMBERS.items():
        number.objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )
    kinds = set(apps.get_model("people", "PostKind").objects.values_list("pk", flat=True))
    rule = apps.get_model("matters", "WhistleRule")
    for one, others in WHISTLES.items():
        for other in others:
            if {one, other} <= kinds:
                rule.objects.get_or_create(from_kind_id=one, to_kind_id=other)


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_calls"), ("people", "0007_more_post_kinds")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
