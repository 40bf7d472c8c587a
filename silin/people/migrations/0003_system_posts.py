from typing import Any

from django.db import migrations, models

from silin.people import post_kinds


def seed(apps: Any, schema_editor: Any) -> None:
    post_kinds.seed(apps.get_model("people", "PostKind"))


class Migration(migrations.Migration):
    dependencies = [("people", "0002_first_rows")]
    operations = [
        migrations.AlterField(
            model_name="postkind",
            name="family",
            field=models.CharField(
                choices=[
                    ("grid", "In the grids"),
                    ("community", "In the community"),
                    ("above", "Street, county and city"),
                    ("city_care", "City management"),
                    ("law", "Law and mediation"),
                    ("admin", "Administration of the system"),
                    ("system", "Systems that come in with a key"),
                ],
                default="community",
                max_length=12,
            ),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
