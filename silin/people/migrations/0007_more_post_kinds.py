from typing import Any

from django.db import migrations

from silin.people.post_kinds import POST_KINDS, seed

NEW = ("family", "reach", "belongs_to", "is_public", "with_origin")


def bring_up_to_date(apps: Any, schema_editor: Any) -> None:
    kinds = apps.get_model("people", "PostKind")
    seed(kinds)
    for row in POST_KINDS:
        kinds.objects.filter(code=row.code).update(**{name: getattr(row, name) for name in NEW})


class Migration(migrations.Migration):
    dependencies = [("people", "0006_organisations_teams_rosters")]
    operations = [migrations.RunPython(bring_up_to_date, migrations.RunPython.noop)]
