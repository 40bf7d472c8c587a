from typing import Any

from django.db import migrations, models

CLERKS = ("street_clerk", "county_clerk", "city_clerk")


def narrow(apps: Any, schema_editor: Any) -> None:
    apps.get_model("people", "PostKind").objects.filter(code__in=CLERKS, reach="place").update(reach="hands")


class Migration(migrations.Migration):
    dependencies = [("people", "0021_routing_right")]
    operations = [
        migrations.AlterField(
            model_name="postkind",
            name="reach",
            field=models.CharField(
                choices=[
                    ("place", "its place and all beneath"),
                    ("estates", "the estates that its organisation runs"),
                    ("hands", "its place; of the matters there only what its organisation has in hand"),
                ],
                default="place",
                max_length=8,
            ),
        ),
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
