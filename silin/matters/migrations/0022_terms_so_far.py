from datetime import date
from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

SAID = ("name", "name_en", "mark", "respond_hours", "handle_days", "active")


def write_terms(apps: Any, schema_editor: Any) -> None:
    """What every category says today is what it has said so far; each matter keeps it."""
    categories, terms = apps.get_model("matters", "Category"), apps.get_model("matters", "CategoryTerms")
    terms.objects.bulk_create(
        [
            terms(category=row, since=date(2000, 1, 1), **{name: getattr(row, name) for name in SAID})
            for row in categories.objects.all()
        ]
    )
    first = terms.objects.filter(category=OuterRef("category")).values("pk")[:1]
    apps.get_model("matters", "Matter").objects.filter(terms=None).update(terms=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("matters", "0021_category_terms")]

    operations = [migrations.RunPython(write_terms, migrations.RunPython.noop)]
