from typing import Any

from django.db import migrations, models
from django.db.models.functions import Coalesce


def say_when(apps: Any, schema_editor: Any) -> None:
    """Of what is there already, as far as its own times tell."""
    last = Coalesce("closed_at", "answered_at", "responded_at", "raised_at")
    apps.get_model("matters", "Matter").objects.update(changed_at=last)


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0005_instructions"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(say_when, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("released_at__isnull", False)),
                fields=["-changed_at", "-id"],
                name="matters_shown_changed",
            ),
        ),
    ]
