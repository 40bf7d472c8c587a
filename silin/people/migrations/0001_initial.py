import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import silin.lib.ids
import silin.lib.personal
import silin.lib.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="places.building",
                    ),
                ),
                ("entrance", models.CharField(blank=True, max_length=12)),
                (
                    "door",
                    silin.lib.personal.PersonalCharField(
                        basis="the community's task by law",
                        blank=True,
                        default="",
                        keep_days=0,
                        owner="the residents' committee",
                        purpose="finding the home when somebody is needed there",
                    ),
                ),
                ("door_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("lived", "lived in"),
                            ("let", "let"),
                            ("empty", "empty"),
                            ("moved", "moved away"),
                        ],
                        default="lived",
                        max_length=5,
                    ),
                ),
                ("state_since", models.DateField(blank=True, null=True)),
                (
                    "tenure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "own home"),
                            ("rent", "rented"),
                            ("public", "public rental housing"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged",
                        to="people.household",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    silin.lib.personal.PersonalPlainField(
                        basis="the community's task by law",
                        blank=True,
                        keep_days=365,
                        max_length=60,
                        owner="the residents' committee",
                        purpose="knowing who lives in the community",
                    ),
                ),
                (
                    "phone",
                    silin.lib.personal.PersonalCharField(
                        basis="consent",
                        blank=True,
                        default="",
                        keep_days=365,
                        owner="the person",
                        purpose="calling the home about something that concerns it",
                    ),
                ),
                ("phone_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("phone_tail", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                (
                    "birth_year",
                    silin.lib.personal.PersonalYearField(
                        basis="consent",
                        blank=True,
                        keep_days=365,
                        null=True,
                        owner="the person",
                        purpose="offering what is meant for an age, where the home has said it",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("left_on", models.DateField(blank=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonKey",
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
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["key", "row"], name="people_person_key", opclasses=["varchar_pattern_ops", ""]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.household",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="people.person",
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("household", "person"),
                        name="people_member_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("household", "Household")], max_length=9
                    ),
                ),
                ("kept", models.UUIDField(db_index=True)),
                ("gone", models.UUIDField(db_index=True)),
                ("moved", models.JSONField(default=list)),
                ("filled", models.JSONField(default=list)),
                ("before", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="data_requests",
                        to="people.person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("correct", "put something right"),
                            ("delete", "delete it"),
                            ("copy", "take a copy along"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "asker",
                    models.CharField(
                        choices=[
                            ("self", "the person themselves"),
                            ("guardian", "a guardian or a child's parent"),
                            ("family", "the family of somebody who has died"),
                            ("office", "the office: there is no reason to keep it"),
                        ],
                        default="self",
                        max_length=8,
                    ),
                ),
                (
                    "identity",
                    models.CharField(
                        choices=[
                            ("card", "an identity card was shown"),
                            ("book", "the household book or a paper of guardianship was shown"),
                            ("known", "two of the office know them in person"),
                            ("account", "signed in with their number"),
                        ],
                        default="account",
                        max_length=7,
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=80)),
                (
                    "words",
                    silin.lib.personal.PersonalWordsField(
                        basis="the community's task by law",
                        blank=True,
                        default="",
                        keep_days=1095,
                        owner="the person",
                        purpose="the office answers what you asked, and can show that it did",
                    ),
                ),
                (
                    "answer",
                    silin.lib.personal.PersonalWordsField(
                        basis="the community's task by law",
                        blank=True,
                        default="",
                        keep_days=1095,
                        owner="the person",
                        purpose="the office answers what you asked, and can show that it did",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("done", "done"), ("refused", "not done")], max_length=7
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at", None)),
                        fields=["place", "due_at"],
                        name="people_request_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("committee", "residents' or villagers' committee"),
                            ("centre", "governance centre"),
                            ("bureau", "bureau"),
                            ("property", "property company"),
                            ("enterprise", "enterprise"),
                            ("partner", "partner organisation"),
                            ("social", "social organisation"),
                            ("owners", "owners' committee"),
                            ("self_rule", "self-rule body"),
                            ("wide_committee", "wide party committee"),
                            ("joint_meeting", "joint meeting"),
                            ("alliance", "alliance"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="places.place",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.organisation",
                    ),
                ),
                ("telephone", models.CharField(blank=True, max_length=20)),
                ("address", models.CharField(blank=True, max_length=100)),
                ("active_from", models.DateField(blank=True, null=True)),
                ("active_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "name"), name="people_organisation_name"),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="people_organisation_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationKey",
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
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["key", "row"],
                        name="people_organisation_key",
                        opclasses=["varchar_pattern_ops", ""],
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AllianceMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="people.organisation",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alliances",
                        to="people.organisation",
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("alliance", "member"),
                        name="people_alliance_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="people_alliance_member_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Running",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="people.organisation",
                    ),
                ),
                (
                    "estate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="run_by",
                        to="places.estate",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="run_by",
                        to="places.facility",
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="run_by",
                        to="places.block",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("property_company", "property company"),
                            ("owners_committee", "owners' committee"),
                            ("self_rule", "self-rule body"),
                            ("keeper", "keeper"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("estate__isnull", False), ("valid_until", None)),
                        fields=("estate", "role"),
                        name="people_running_one_estate",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("facility__isnull", False), ("valid_until", None)),
                        fields=("facility", "role"),
                        name="people_running_one_facility",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("block__isnull", False), ("valid_until", None)),
                        fields=("block", "role"),
                        name="people_running_one_block",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("block", None), ("estate__isnull", False), ("facility", None)),
                            models.Q(("block", None), ("estate", None), ("facility__isnull", False)),
                            models.Q(("block__isnull", False), ("estate", None), ("facility", None)),
                            _connector="OR",
                        ),
                        name="people_running_one_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="people_running_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostKind",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=40)),
                ("title_en", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=12)),
                ("rank", models.PositiveSmallIntegerField()),
                ("capabilities", models.JSONField(default=list)),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("grid", "In the grids"),
                            ("community", "In the community"),
                            ("above", "Street, county and city"),
                            ("city_care", "City management"),
                            ("law", "Law and mediation"),
                            ("admin", "Administration of the system"),
                        ],
                        default="community",
                        max_length=12,
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("place", "its place and all beneath"),
                            ("estates", "the estates that its organisation runs"),
                            (
                                "hands",
                                "its place; of the matters there only what its organisation has in hand",
                            ),
                        ],
                        default="place",
                        max_length=8,
                    ),
                ),
                (
                    "belongs_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("committee", "residents' or villagers' committee"),
                            ("centre", "governance centre"),
                            ("bureau", "bureau"),
                            ("property", "property company"),
                            ("enterprise", "enterprise"),
                            ("partner", "partner organisation"),
                            ("social", "social organisation"),
                            ("owners", "owners' committee"),
                            ("self_rule", "self-rule body"),
                            ("wide_committee", "wide party committee"),
                            ("joint_meeting", "joint meeting"),
                            ("alliance", "alliance"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_public", models.BooleanField(default=False)),
                ("with_origin", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["rank", "code"],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="people.postkind",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="places.place"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="places.building",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="people.organisation",
                    ),
                ),
                ("serial", models.PositiveSmallIntegerField(default=1)),
                ("telephone", models.CharField(blank=True, max_length=20)),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("building", None)),
                        fields=("kind", "place", "serial"),
                        name="people_post_of_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("building__isnull", False)),
                        fields=("kind", "building", "serial"),
                        name="people_post_of_building",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holdings", to="people.post"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("stand_in", models.BooleanField(default=False)),
                ("cross", models.BooleanField(default=False)),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("capable_person", "capable person"),
                            ("volunteer", "volunteer"),
                            ("serving_member", "serving party member"),
                            ("shop_owner", "shop owner"),
                        ],
                        max_length=16,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="people_holding_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stand_in", False), ("valid_until", None)),
                        fields=("post",),
                        name="people_holding_one_holder",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttentionKind",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=40)),
                ("title_en", models.CharField(max_length=40)),
                ("purpose", models.CharField(max_length=120)),
                ("purpose_en", models.CharField(max_length=160)),
                ("lasts_days", models.PositiveIntegerField()),
                ("least_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("alone", models.BooleanField(default=False)),
                ("counts_as", models.CharField(blank=True, max_length=40)),
                ("in_use", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Attention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attentions",
                        to="people.person",
                    ),
                ),
                (
                    "kind",
                    silin.lib.personal.PersonalCharField(
                        basis="consent",
                        keep_days=90,
                        owner="the person",
                        purpose="somebody looks in on you, as you agreed",
                    ),
                ),
                (
                    "carer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attentions",
                        to="people.post",
                    ),
                ),
                (
                    "agreed",
                    models.CharField(
                        choices=[
                            ("said", "they said yes"),
                            ("signed", "they signed"),
                            ("guardian", "a guardian or a child's parent said yes"),
                        ],
                        max_length=8,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="people.household",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.household",
                    ),
                ),
                ("closed", models.JSONField(default=list)),
                ("opened", models.JSONField(default=list)),
                (
                    "state_before",
                    models.CharField(
                        choices=[
                            ("lived", "lived in"),
                            ("let", "let"),
                            ("empty", "empty"),
                            ("moved", "moved away"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "state_after",
                    models.CharField(
                        choices=[
                            ("lived", "lived in"),
                            ("let", "let"),
                            ("empty", "empty"),
                            ("moved", "moved away"),
                        ],
                        max_length=5,
                    ),
                ),
                ("since_before", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("household", "Household")], max_length=9
                    ),
                ),
                ("one", models.UUIDField()),
                ("other", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("one", "other"), name="people_apart_once")],
            },
        ),
        migrations.CreateModel(
            name="Resident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resident",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residents",
                        to="places.place",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.building",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Retention",
            fields=[
                ("field", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("keep_days", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("model", models.CharField(max_length=60)),
                ("row", models.CharField(max_length=40)),
                ("fields", models.JSONField(default=list)),
                (
                    "why",
                    models.CharField(choices=[("asked", "Asked"), ("retention", "Retention")], max_length=9),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["model", "row"], name="people_tombstone_row")],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="people.post"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        null=True,
                    ),
                ),
                ("day", models.DateField(blank=True, null=True)),
                ("starts", models.TimeField(blank=True, null=True)),
                ("ends", models.TimeField(blank=True, null=True)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("day", None),
                                ("ends__isnull", False),
                                ("starts__isnull", False),
                                ("valid_from__isnull", False),
                                ("weekday__isnull", False),
                            ),
                            models.Q(
                                ("day__isnull", False),
                                ("ends__isnull", False),
                                ("starts__isnull", False),
                                ("weekday", None),
                            ),
                            models.Q(
                                ("day__isnull", False), ("ends", None), ("starts", None), ("weekday", None)
                            ),
                            _connector="OR",
                        ),
                        name="people_shift_weekly_or_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("day__isnull", False)),
                        fields=("post", "day", "starts"),
                        name="people_shift_once_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("volunteers", "volunteers"),
                            ("party", "party members"),
                            ("patrol", "patrol"),
                            ("culture", "culture and sport"),
                            ("care", "care for elders and others"),
                            ("mediation", "mediation"),
                            ("emergency", "emergency help"),
                            ("homes", "homes and estates"),
                            ("riders", "riders and other new jobs"),
                            ("tidy", "greenery and tidiness"),
                            ("women", "women"),
                            ("veterans", "veterans"),
                            ("youth", "children and young people"),
                            ("repairs", "craftspeople who repair"),
                            ("other", "another kind"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "colour",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "no colour"),
                            ("red", "red"),
                            ("green", "green"),
                            ("blue", "blue"),
                            ("yellow", "yellow"),
                            ("purple", "purple"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="places.place"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="people.organisation",
                    ),
                ),
                ("joining", models.CharField(blank=True, max_length=100)),
                ("active_from", models.DateField()),
                ("active_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place", "name"), name="people_team_name")],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="people.team"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("captain", models.BooleanField(default=False)),
                ("named", models.BooleanField(default=False)),
                ("left_with_team", models.BooleanField(default=False, editable=False)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("team", "user"),
                        name="people_team_member_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("captain", True), ("valid_until", None)),
                        fields=("team",),
                        name="people_team_one_captain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="people_team_member_dates",
                    ),
                ],
            },
        ),
    ]
