from typing import Any

from django.db import migrations

from silin.lib.search import heard


def write_sounds(apps: Any, schema_editor: Any) -> None:
    """What is there is found by its sound, too."""
    rows = apps.get_model("matters", "Matter").objects.exclude(search="").select_related("building__estate")
    batch = []
    for matter in rows.only("search", "title", "spot", "building__number", "building__estate__name").iterator(
        500
    ):
        building = matter.building
        where = f"{building.estate.name} {building.number}号楼" if building else matter.spot
        matter.search = " ".join([matter.search, heard(matter.title), heard(where)])
        batch.append(matter)
        if len(batch) == 500:
            rows.model.objects.bulk_update(batch, ["search"])
            batch = []
    rows.model.objects.bulk_update(batch, ["search"])


class Migration(migrations.Migration):
    dependencies = [("matters", "0017_saved_views")]
    operations = [migrations.RunPython(write_sounds, migrations.RunPython.noop)]
