from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0014_unsigned_photos"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="routingrule", name="matters_routing_rule_once"),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.UniqueConstraint(
                fields=["number", "valid_from"],
                condition=Q(("valid_until", None), ("valid_until__gt", F("valid_from")), _connector="OR"),
                name="matters_routing_rule_once",
            ),
        ),
    ]
