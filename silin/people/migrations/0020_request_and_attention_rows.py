from datetime import date
from typing import Any

from django.db import migrations

from silin.people.attention_kinds import seed as seed_kinds

RIGHTS = {
    "attention.see": ("grid_leader", "community_secretary"),
    "requests.answer": ("community_staff", "community_desk", "community_secretary"),
}


def seed(apps: Any, schema_editor: Any) -> None:
    apps.get_model("places", "Number").objects.get_or_create(
        name="people.request_days",  # so many workdays an office has to answer who asks about their data
        place_path="",
        valid_from=date(2000, 1, 1),
        defaults={"value": 15},
    )
    seed_kinds(apps.get_model("people", "AttentionKind"))
    for right, holders in RIGHTS.items():
        for row in apps.get_model("people", "PostKind").objects.filter(code__in=holders):
            if right not in row.capabilities:
                row.capabilities = [*row.capabilities, right]
                row.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0019_requests_and_attention"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
