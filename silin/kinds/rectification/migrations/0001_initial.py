import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("matters", "0008_put_down_by"),
        ("people", "0003_system_posts"),
        ("places", "0002_first_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Rectification",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="rectification",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=24)),
                ("group", models.CharField(blank=True, max_length=24)),
                ("period", models.CharField(blank=True, max_length=7)),
                ("measured", models.CharField(blank=True, max_length=60)),
                ("target", models.CharField(blank=True, max_length=60)),
                ("own_number", models.CharField(blank=True, max_length=24)),
                ("listed", models.JSONField(blank=True, default=dict)),
                ("deadline", models.DateField()),
                ("self_reported", models.BooleanField(default=False)),
                ("measure", models.TextField(blank=True)),
                ("in_charge", models.CharField(blank=True, max_length=40)),
                ("done_by", models.DateField(blank=True, null=True)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "check_how",
                    models.CharField(
                        blank=True, choices=[("spot", "on the spot"), ("file", "on file")], max_length=4
                    ),
                ),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "look",
                    models.CharField(
                        blank=True,
                        choices=[("held", "it has held"), ("fell_back", "it fell back")],
                        max_length=9,
                    ),
                ),
                ("measured_again", models.CharField(blank=True, max_length=60)),
                ("fell", models.PositiveSmallIntegerField(default=0)),
                (
                    "checked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "setter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("unit", "reference", "period"),
                        name="rectification_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("own_number", ""), _negated=True),
                        fields=("unit", "own_number"),
                        name="rectification_own_number",
                    ),
                ],
            },
        ),
    ]
