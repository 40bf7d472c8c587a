from datetime import date
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NUMBERS = {"imports.undo_days": 7}  # days in which a batch can be taken back


def seed(apps: Any, schema_editor: Any) -> None:
    number = apps.get_model("places", "Number")
    for name, value in NUMBERS.items():
        number.objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_batch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="good_rows",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="batch",
            name="removed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="restored",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="stayed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="told",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="batch",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="written",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="batch",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "being checked"),
                    ("refused", "cannot be read"),
                    ("checked", "checked, nothing written yet"),
                    ("bringing", "being brought in"),
                    ("committed", "brought in"),
                    ("undoing", "being taken back"),
                    ("undone", "taken back"),
                    ("dropped", "dropped"),
                ],
                default="checked",
                max_length=10,
            ),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
