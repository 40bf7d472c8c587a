import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "params",
                    models.JSONField(
                        blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("link", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.CharField(
                        choices=[("inbox", "Inbox"), ("sms", "Sms"), ("email", "Email")],
                        default="inbox",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("send_after", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("given_up_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient", "channel", "-id"], name="notices_inbox"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient", "channel"],
                        name="notices_unread",
                    ),
                    models.Index(
                        condition=models.Q(("next_try__isnull", False)),
                        fields=["next_try"],
                        name="notices_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChosenChannel",
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
                (
                    "channel",
                    models.CharField(
                        choices=[("inbox", "Inbox"), ("sms", "Sms"), ("email", "Email")], max_length=10
                    ),
                ),
                ("kind", models.CharField(blank=True, default="", max_length=30)),
                ("wanted", models.BooleanField(default=False)),
                ("chosen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "channel", "kind"), name="notices_chosen_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SmsTemplate",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=60)),
                ("blanks", models.CharField(blank=True, max_length=200)),
            ],
        ),
    ]
