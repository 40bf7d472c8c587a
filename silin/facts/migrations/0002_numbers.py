from typing import Any

from django.db import migrations, models

import silin.lib.ids


def drop_old_key(apps: Any, schema_editor: Any) -> None:
    """SQLite makes the table anew and lets go of its key by itself."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE facts_fact DROP CONSTRAINT facts_fact_pkey")


def set_new_key(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL, whatever key a table has goes when a column of it is told that it is the key no more."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE facts_fact ADD CONSTRAINT facts_fact_pkey PRIMARY KEY (number)")


class Migration(migrations.Migration):
    """Every fact gets a number: those that are there in the order in which they were written."""

    dependencies = [("facts", "0001_initial")]
    operations = [
        migrations.RunPython(drop_old_key),
        migrations.AddField(
            model_name="fact",
            name="number",
            field=models.BigAutoField(primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="fact",
            name="id",
            field=models.UUIDField(default=silin.lib.ids.new_id, editable=False, unique=True),
        ),
        migrations.RunPython(set_new_key),
    ]
