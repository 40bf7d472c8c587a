"""The duty of an older net goes on in the grid after the one that closes, and says where it came from."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0009_city_texts")]

    operations = [
        migrations.RemoveConstraint(model_name="oldnet", name="places_old_net_once"),
        migrations.AddField(
            model_name="oldnet",
            name="came_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.place",
            ),
        ),
        migrations.AddField(
            model_name="oldnet", name="valid_until", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="oldnet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_until", None)),
                fields=("grid", "kind", "name"),
                name="places_old_net_once",
            ),
        ),
    ]
