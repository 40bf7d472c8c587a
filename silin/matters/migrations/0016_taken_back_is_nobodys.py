from typing import Any

from django.db import migrations


def hide(apps: Any, schema_editor: Any) -> None:
    """What its raiser took back is read by nobody any more, also where it was released before."""
    apps.get_model("matters", "Matter").objects.filter(state="withdrawn").update(released_at=None)


class Migration(migrations.Migration):
    dependencies = [("matters", "0015_rules_changed_on_their_day")]
    operations = [migrations.RunPython(hide, migrations.RunPython.noop)]
