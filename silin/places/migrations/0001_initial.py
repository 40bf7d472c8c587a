import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import silin.lib.search
import silin.places.models.facility


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("n", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=24, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city"),
                            ("county", "county"),
                            ("street", "street or town"),
                            ("community", "community or village"),
                            ("grid", "grid"),
                            ("micro_grid", "micro-grid"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("district", "district"),
                            ("county", "county"),
                            ("county_city", "county-level city"),
                            ("street", "street"),
                            ("town", "town"),
                            ("township", "township"),
                            ("street_like", "zone on the level of a street"),
                            ("community", "community"),
                            ("village", "village"),
                            ("community_like", "quasi-community"),
                            ("village_like", "quasi-village"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.place",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=80)),
                ("serial", models.PositiveSmallIntegerField(default=0)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("active_from", models.DateField(blank=True, null=True)),
                ("active_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["level", "path"], name="places_place_level_path")],
                "constraints": [models.UniqueConstraint(fields=("path",), name="places_place_path_once")],
            },
        ),
        migrations.CreateModel(
            name="PlaceKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", silin.lib.search.KeyField(max_length=24)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_keys",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["key", "row"], name="places_place_key", opclasses=["varchar_pattern_ops", ""]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="boundaries",
                        to="places.place",
                    ),
                ),
                ("wkb", models.BinaryField()),
                ("min_lon", models.FloatField()),
                ("min_lat", models.FloatField()),
                ("max_lon", models.FloatField()),
                ("max_lat", models.FloatField()),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("schematic", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("place",),
                        name="places_boundary_one_open",
                    ),
                    models.UniqueConstraint(
                        fields=("place", "valid_from"), name="places_boundary_once_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FunctionalArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="functional_areas",
                        to="places.place",
                    ),
                ),
                ("code", models.CharField(max_length=24, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("active_from", models.DateField()),
                ("active_until", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AreaMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="places.functionalarea",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="area_members",
                        to="places.place",
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("place",),
                        name="places_area_member_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Estate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="estates", to="places.place"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("built_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("no_manager", models.BooleanField(blank=True, null=True)),
                ("no_responsible", models.BooleanField(blank=True, null=True)),
                ("no_guard", models.BooleanField(blank=True, null=True)),
                ("handed_over", models.BooleanField(blank=True, null=True)),
                ("handed_over_by", models.CharField(blank=True, max_length=60)),
                (
                    "renewal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "not planned"),
                            ("planned", "planned"),
                            ("under_way", "works under way"),
                            ("done", "renewed"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "name"), name="places_estate_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EstateKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", silin.lib.search.KeyField(max_length=24)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_keys",
                        to="places.estate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["key", "row"], name="places_estate_key", opclasses=["varchar_pattern_ops", ""]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "estate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
                        to="places.estate",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
                        to="places.place",
                    ),
                ),
                ("number", models.CharField(max_length=12)),
                ("entrances", models.PositiveSmallIntegerField(default=1)),
                ("floors", models.PositiveSmallIntegerField(default=1)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("estate", "number"), name="places_building_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Entrance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doors",
                        to="places.building",
                    ),
                ),
                ("number", models.CharField(max_length=12)),
                ("households", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("lift", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("building", "number"), name="places_entrance_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EstateFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "estate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="places.estate",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("lifts", "lifts fitted"),
                            ("lifts_wanted", "entrances that want a lift"),
                            ("parking", "parking spaces"),
                            ("car_chargers", "chargers for cars"),
                            ("bike_chargers", "chargers for e-bikes"),
                            ("camera_cover", "public ways seen by cameras"),
                            ("sensor_cover", "smoke and gas sensors connected"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.PositiveIntegerField()),
                ("as_of", models.DateField()),
                ("said_by", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["estate", "name", "as_of"], name="places_estate_figure_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="places.place"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "name"), name="places_block_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FacilityKind",
            fields=[
                ("code", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=30)),
                ("title_en", models.CharField(max_length=60)),
                ("serial", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["serial", "code"],
            },
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.facilitykind"),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facilities",
                        to="places.place",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="places.building",
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="facilities",
                        to="places.block",
                    ),
                ),
                ("spot", models.CharField(blank=True, max_length=60)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("hours", models.JSONField(blank=True, default=silin.places.models.facility.no_hours)),
                ("closed_on_days_off", models.BooleanField(default=False)),
                ("telephone", models.CharField(blank=True, max_length=30)),
                ("capacity", models.PositiveIntegerField(blank=True, null=True)),
                ("step_free", models.BooleanField(blank=True, null=True)),
                ("accessible_toilet", models.BooleanField(blank=True, null=True)),
                ("accessible_parking", models.BooleanField(blank=True, null=True)),
                ("active_from", models.DateField(blank=True, null=True)),
                ("active_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["place", "kind", "name"], name="places_facility_listed")],
            },
        ),
        migrations.CreateModel(
            name="FacilityKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", silin.lib.search.KeyField(max_length=24)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_keys",
                        to="places.facility",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["key", "row"],
                        name="places_facility_key",
                        opclasses=["varchar_pattern_ops", ""],
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="places.place"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("branch", "party branch"), ("group", "party group")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("grid",),
                        name="places_grid_party_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NetKind",
            fields=[
                ("code", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=30)),
                ("title_en", models.CharField(max_length=60)),
                ("serial", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["serial", "code"],
            },
        ),
        migrations.CreateModel(
            name="OldNet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.netkind")),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="old_nets",
                        to="places.place",
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("duty", models.CharField(max_length=200)),
                ("merged_on", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "came_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("grid", "kind", "name"),
                        name="places_old_net_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_changes",
                        to="places.place",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("draw", "draw a new grid"),
                            ("redraw", "draw a grid anew"),
                            ("split", "split a grid in two"),
                            ("merge", "make two grids one"),
                            ("move", "put under another parent"),
                        ],
                        max_length=10,
                    ),
                ),
                ("said", models.JSONField()),
                ("day", models.DateField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("given_up_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DayOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("day_off", "day off"), ("make_up_workday", "make-up workday")],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Number",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("place_path", models.CharField(blank=True, max_length=80)),
                ("value", models.FloatField()),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "place_path", "valid_from"), name="places_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CityText",
            fields=[
                ("name", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=60)),
            ],
        ),
    ]
