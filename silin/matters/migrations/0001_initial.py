import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import silin.lib.ids
import silin.lib.personal


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("forms", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=60)),
                ("mark", models.CharField(default="fair", max_length=5)),
                ("respond_hours", models.PositiveSmallIntegerField(default=4)),
                ("handle_days", models.PositiveSmallIntegerField(default=3)),
                (
                    "questions",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forms.formversion",
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="matters.category",
                    ),
                ),
                ("keywords", models.JSONField(default=list)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("private", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "categories",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="CategoryTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=60)),
                ("mark", models.CharField(default="fair", max_length=5)),
                ("respond_hours", models.PositiveSmallIntegerField(default=4)),
                ("handle_days", models.PositiveSmallIntegerField(default=3)),
                (
                    "questions",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forms.formversion",
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="matters.category",
                    ),
                ),
                ("since", models.DateField()),
                ("for_open", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["category", "since"],
                "constraints": [
                    models.UniqueConstraint(fields=("category", "since"), name="matters_terms_of_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=8, unique=True)),
                ("kind", models.CharField(max_length=20)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.category"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.categoryterms",
                    ),
                ),
                (
                    "title",
                    silin.lib.personal.PersonalPlainField(
                        basis="consent",
                        keep_days=1095,
                        max_length=40,
                        owner="the person",
                        purpose="so that whoever handles it finds and understands it",
                    ),
                ),
                (
                    "words",
                    silin.lib.personal.PersonalWordsField(
                        basis="consent",
                        blank=True,
                        keep_days=1095,
                        owner="the person",
                        purpose="so that whoever handles it finds and understands it",
                    ),
                ),
                ("search", models.TextField(blank=True)),
                ("answers", models.JSONField(blank=True, default=dict)),
                (
                    "answers_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forms.formversion",
                    ),
                ),
                ("channel", models.CharField(max_length=10)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                ("placed_path", models.CharField(max_length=80)),
                ("unit", models.CharField(max_length=24)),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.building",
                    ),
                ),
                (
                    "spot",
                    silin.lib.personal.PersonalPlainField(
                        basis="consent",
                        blank=True,
                        keep_days=1095,
                        max_length=60,
                        owner="the person",
                        purpose="so that whoever handles it finds and understands it",
                    ),
                ),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("datum", models.CharField(blank=True, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "waiting to be sent on"),
                            ("assigned", "sent to somebody"),
                            ("in_hand", "in hand"),
                            ("waiting", "on hold"),
                            ("answered", "done, to be looked at"),
                            ("closed", "closed"),
                            ("withdrawn", "taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fixed", "fixed"),
                            ("on_the_spot", "settled on the spot"),
                            ("advised", "advised"),
                            ("passed_on", "passed on"),
                            ("not_accepted", "not accepted"),
                            ("not_feasible", "cannot be done"),
                            ("duplicate", "reported already"),
                            ("not_found", "not found there"),
                            ("cancelled", "taken back"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "colour",
                    models.CharField(
                        choices=[("ok", "in time"), ("warn", "soon due"), ("late", "overdue")],
                        default="ok",
                        max_length=4,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "joined",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raiser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raised_matters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("why", models.JSONField(default=dict)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="matters.matter",
                    ),
                ),
                (
                    "supervised_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "asked",
                    models.CharField(
                        blank=True,
                        choices=[("extend", "more time"), ("defer", "to put it off until a review day")],
                        max_length=6,
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("clock_from", models.DateTimeField()),
                ("held_since", models.DateTimeField()),
                ("contacted_at", models.DateTimeField(blank=True, null=True)),
                ("responded_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("respond_due", models.DateTimeField(blank=True, null=True)),
                ("warn_due", models.DateTimeField(blank=True, null=True)),
                ("handle_due", models.DateTimeField(blank=True, null=True)),
                ("escalate_due", models.DateTimeField(blank=True, null=True)),
                ("waiting_until", models.DateTimeField(blank=True, null=True)),
                ("verify_due", models.DateTimeField(blank=True, null=True)),
                ("report_due", models.DateTimeField(blank=True, null=True)),
                ("reply_due", models.DateTimeField(blank=True, null=True)),
                ("deferred_at", models.DateTimeField(blank=True, null=True)),
                ("look_back_on", models.DateField(blank=True, null=True)),
                ("own_due", models.DateTimeField(blank=True, null=True)),
                ("next_due", models.DateTimeField(blank=True, null=True)),
                ("provisional", models.BooleanField(default=False)),
                ("counted", models.BigIntegerField(default=0)),
                ("undo", models.JSONField(blank=True, null=True)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("reopens", models.PositiveSmallIntegerField(default=0)),
                ("calls", models.PositiveSmallIntegerField(default=0)),
                ("whistled", models.PositiveSmallIntegerField(default=0)),
                ("urges", models.PositiveSmallIntegerField(default=0)),
                ("follows", models.PositiveIntegerField(default=0)),
                ("me_toos", models.PositiveIntegerField(default=0)),
                ("name_withheld", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["placed_path", "state"], name="matters_by_path"),
                    models.Index(fields=["unit", "state", "handle_due"], name="matters_by_unit"),
                    models.Index(fields=["state", "handle_due"], name="matters_by_state"),
                    models.Index(fields=["holder", "state", "handle_due"], name="matters_by_holder"),
                    models.Index(fields=["raiser", "-raised_at"], name="matters_by_raiser"),
                    models.Index(
                        condition=models.Q(("asked", ""), _negated=True),
                        fields=["placed_path"],
                        name="matters_asked",
                    ),
                    models.Index(
                        condition=models.Q(("supervised_by__isnull", False)),
                        fields=["placed_path"],
                        name="matters_supervised",
                    ),
                    models.Index(
                        condition=models.Q(("deferred_at__isnull", False)),
                        fields=["placed_path"],
                        name="matters_put_off",
                    ),
                    models.Index(
                        condition=models.Q(("look_back_on__isnull", False)),
                        fields=["placed_path"],
                        name="matters_again",
                    ),
                    models.Index(
                        condition=models.Q(("signer__isnull", False)),
                        fields=["signer"],
                        name="matters_by_signer",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("raised", "assigned", "in_hand", "waiting", "answered"))
                        ),
                        fields=["counted"],
                        name="matters_counted",
                    ),
                    models.Index(
                        condition=models.Q(("next_due__isnull", False)),
                        fields=["next_due"],
                        name="matters_next_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("raised", "assigned", "in_hand", "waiting", "answered"))
                        ),
                        fields=["lat", "lon"],
                        name="matters_open_points",
                    ),
                    models.Index(
                        condition=models.Q(("released_at__isnull", False)),
                        fields=["-raised_at", "-id"],
                        name="matters_shown",
                    ),
                    models.Index(
                        condition=models.Q(("released_at__isnull", False)),
                        fields=["unit", "-raised_at", "-id"],
                        name="matters_shown_in_unit",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("released_at__isnull", False),
                            ("state__in", ("raised", "assigned", "in_hand", "waiting", "answered")),
                        ),
                        fields=["unit", "-raised_at", "-id"],
                        name="matters_shown_and_open",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("released_at__isnull", False),
                            ("state__in", ("raised", "assigned", "in_hand", "waiting", "answered")),
                        ),
                        fields=["-raised_at", "-id"],
                        name="matters_going",
                    ),
                    models.Index(
                        condition=models.Q(("released_at__isnull", False)),
                        fields=["lat", "lon"],
                        name="matters_shown_points",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="matters.matter",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("raised", "when it was reported"),
                            ("joined", "from somebody who met it too"),
                            ("before", "before"),
                            ("after", "after"),
                        ],
                        max_length=6,
                    ),
                ),
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
                ("unsigned", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="VoiceNote",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="voice_note",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="matters.matter",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("resident", "waiting for the resident"),
                            ("third_party", "waiting for somebody else"),
                            ("date", "waiting for a day or the weather"),
                            ("policy", "no rule for it yet"),
                            ("money", "no money for it this year"),
                            ("law", "a court or an authority has to decide first"),
                            ("history", "left over from earlier times"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["started_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("matter",),
                        name="matters_pause_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_requests",
                        to="matters.matter",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("extend", "more time"), ("defer", "to put it off until a review day")],
                        max_length=6,
                    ),
                ),
                ("until", models.DateField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("granted", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "ordering": ["asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("matter",),
                        name="matters_time_request_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisions",
                        to="matters.matter",
                    ),
                ),
                ("number", models.CharField(max_length=8, unique=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reply_due", models.DateTimeField()),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("matter",),
                        name="matters_supervision_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewTag",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=20)),
                ("name_en", models.CharField(max_length=40)),
                ("good", models.BooleanField(default=True)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("grade_at_most", models.PositiveSmallIntegerField(default=2)),
                ("raises", models.CharField(max_length=20)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind",), name="matters_follow_up_once")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("grade", models.PositiveSmallIntegerField()),
                ("tags", models.JSONField(blank=True, default=list)),
                (
                    "words",
                    silin.lib.personal.PersonalWordsField(
                        basis="consent",
                        blank=True,
                        keep_days=1095,
                        owner="the person",
                        purpose="so that the work gets better",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("page", "on the page of the matter"),
                            ("link", "by the link of a message"),
                            ("slip", "by a slip"),
                            ("call", "on the telephone"),
                        ],
                        default="page",
                        max_length=4,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("set_aside_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("grade__gte", 1), ("grade__lte", 5)), name="matters_review_grade"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WhistleRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "from_kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.postkind"
                    ),
                ),
                (
                    "to_kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.postkind"
                    ),
                ),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("from_kind", "to_kind"), name="matters_whistle_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="matters.matter",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                ("lead", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "called"),
                            ("accepted", "taken"),
                            ("done", "done with its part"),
                            ("returned", "given back"),
                            ("waived", "not needed any more"),
                        ],
                        default="offered",
                        max_length=8,
                    ),
                ),
                (
                    "sent_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("report_due", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("warned", models.BooleanField(default=False)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                ("grade", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("came", models.BooleanField(blank=True, null=True)),
                ("solved", models.BooleanField(blank=True, null=True)),
                ("rated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-lead", "offered_at"],
                "indexes": [models.Index(fields=["post", "state"], name="matters_assignment_by_post")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offered", "accepted"])),
                        fields=("matter", "post"),
                        name="matters_assignment_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade", None), models.Q(("grade__gte", 1), ("grade__lte", 5)), _connector="OR"
                        ),
                        name="matters_assignment_grade",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("said", models.JSONField(default=dict)),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["place", "-given_at", "-id"], name="matters_handover_by_place")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_at", None)),
                        fields=("place",),
                        name="matters_handover_waits_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchedWord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.CharField(max_length=20, unique=True)),
                ("why", models.CharField(max_length=60)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="MapCell",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.PositiveSmallIntegerField()),
                ("unit", models.CharField(blank=True, max_length=24)),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
                ("going", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("size", "unit", "x", "y"), name="matters_map_cell_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyItem",
            fields=[
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "list",
                    models.CharField(
                        choices=[
                            ("powers", "list of powers and duties"),
                            ("duties", "list of duties to be done"),
                            ("entry", "list of what may be asked of a community"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=120)),
                ("basis", models.CharField(blank=True, max_length=200)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.category",
                    ),
                ),
            ],
            options={
                "ordering": ["list", "place", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("list", "place", "code"),
                        name="matters_duty_item_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="matters_duty_item_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.category",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=20)),
                (
                    "when",
                    models.CharField(
                        blank=True,
                        choices=[("working", "in working time"), ("off", "outside of working time")],
                        max_length=7,
                    ),
                ),
                ("begins", models.TimeField(blank=True, null=True)),
                ("ends", models.TimeField(blank=True, null=True)),
                (
                    "post_kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.postkind"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.dutyitem",
                    ),
                ),
            ],
            options={
                "ordering": ["number", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        fields=("number", "valid_from"),
                        name="matters_routing_rule_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("number",),
                        name="matters_routing_rule_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begins", None), ("ends", None)),
                            models.Q(("begins__isnull", False), ("ends__isnull", False)),
                            _connector="OR",
                        ),
                        name="matters_routing_rule_both_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="matters_routing_rule_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignRule",
            fields=[
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
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
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("organisation",),
                        name="matters_sign_rule_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="matters_sign_rule_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("title", models.CharField(max_length=20)),
                ("query", models.CharField(max_length=300)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["saved_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "title"), name="matters_saved_view_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="matters.matter",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("me_too", models.BooleanField(default=False)),
                (
                    "words",
                    silin.lib.personal.PersonalWordsField(
                        basis="consent",
                        blank=True,
                        keep_days=1095,
                        owner="the person",
                        purpose="so that whoever handles it finds and understands it",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "came_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "user"), name="matters_follower_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("duplicate", "the same as"),
                            ("split", "parted off"),
                            ("related", "belongs together with"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="matters.matter"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_back",
                        to="matters.matter",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("what", "duplicate")),
                        fields=("matter",),
                        name="matters_link_one_duplicate",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("matter", "other", "what"),
                        name="matters_link_once",
                    ),
                ],
            },
        ),
    ]
