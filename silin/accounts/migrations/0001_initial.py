import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import silin.lib.ids
import silin.lib.personal
import silin.lib.search


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    silin.lib.personal.PersonalPlainField(
                        basis="consent",
                        blank=True,
                        keep_days=0,
                        max_length=60,
                        owner="the person",
                        purpose="how whoever handles your matters calls you",
                    ),
                ),
                (
                    "email",
                    silin.lib.personal.PersonalEmailField(
                        basis="consent",
                        blank=True,
                        keep_days=0,
                        max_length=254,
                        null=True,
                        owner="the person",
                        purpose="sign-in and messages",
                        unique=True,
                    ),
                ),
                (
                    "phone",
                    silin.lib.personal.PersonalCharField(
                        basis="consent",
                        blank=True,
                        default="",
                        keep_days=0,
                        owner="the person",
                        purpose="sign-in and call-back",
                    ),
                ),
                (
                    "phone_hash",
                    models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True),
                ),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("large_type", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("is_guest", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("sessions_ended", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UserKey",
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
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["key", "row"], name="accounts_user_key", opclasses=["varchar_pattern_ops", ""]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                ("device", models.CharField(blank=True, max_length=60)),
                ("network", models.CharField(blank=True, max_length=45)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SecondFactor",
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
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "secret",
                    silin.lib.personal.PersonalCharField(
                        basis="consent", keep_days=0, owner="the person", purpose="knowing that it is you"
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("last_step", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=silin.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=30)),
                ("subject", models.CharField(max_length=100)),
                ("secret_hash", models.CharField(db_index=True, max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["purpose", "subject"], name="accounts_token_subject")],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("window", models.BigIntegerField()),
                ("n", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "window"), name="accounts_attempt_once")
                ],
            },
        ),
    ]
