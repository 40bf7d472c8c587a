from typing import Any

from django.db import migrations

TEAMS = ["teams.edit", "rosters.edit"]
ADDED = {
    "system_admin": ["city.set_up"],  # the set-up goes on when the city administrator's rights have ended
    **dict.fromkeys(("community_desk", "community_secretary", "street_duty", "street_centre_head"), TEAMS),
    **dict.fromkeys(("county_duty", "city_duty", "city_admin"), TEAMS),
}


def add(apps: Any, schema_editor: Any) -> None:
    """A city may have changed its rows: only what is new is added."""
    for kind in apps.get_model("people", "PostKind").objects.filter(code__in=ADDED):
        new = [each for each in ADDED[kind.code] if each not in kind.capabilities]
        if new:
            kind.capabilities = [*kind.capabilities, *new]
            kind.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0017_how_to_join_teams")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
