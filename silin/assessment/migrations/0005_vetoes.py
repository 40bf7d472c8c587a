import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import silin.lib.ids


class Migration(migrations.Migration):
    """Vetoes as they are decided on; nothing ever wrote into the table that was there before."""

    dependencies = [
        ("assessment", "0004_raised_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="assessedperiod", name="assessment_period_provisional"),
        migrations.AlterModelOptions(name="heading", options={"ordering": ["order", "code"]}),
        migrations.AlterModelOptions(name="indicator", options={"ordering": ["order", "code"]}),
        migrations.DeleteModel(name="Veto"),
        migrations.CreateModel(
            name="Veto",
            fields=[
                ("id", models.UUIDField(default=silin.lib.ids.new_id, primary_key=True, serialize=False)),
                ("event", models.TextField()),
                ("happened_on", models.DateField()),
                ("basis", models.TextField()),
                (
                    "cap",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Below the standard"), (2, "Up to the standard")]
                    ),
                ),
                ("first_ym", models.PositiveIntegerField()),
                ("last_ym", models.PositiveIntegerField()),
                ("declared_at", models.DateTimeField()),
                ("appeal", models.TextField(blank=True)),
                ("appealed_at", models.DateTimeField(null=True)),
                (
                    "ruling",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "upheld"), ("lifted", "lifted"), ("withdrawn", "withdrawn")],
                        max_length=9,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("ruled_at", models.DateTimeField(null=True)),
                (
                    "appealed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["last_ym", "first_ym"], name="assessment_veto_months")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_ym__gte", models.F("first_ym"))),
                        name="assessment_veto_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cap__in", [1, 2])), name="assessment_veto_caps"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ruling__in", ["", "withdrawn"]), ("appealed_at__isnull", False), _connector="OR"
                        ),
                        name="assessment_veto_ruled_on_appeal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ruling__in", ["upheld", "lifted"]), _negated=True),
                            models.Q(("ruled_by", models.F("declared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="assessment_veto_ruled_by_another",
                    ),
                ],
            },
        ),
    ]
