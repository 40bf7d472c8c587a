from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_stopped_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("StoppedChannel", "notices_stopped_once"),
        migrations.RenameModel("StoppedChannel", "ChosenChannel"),
        migrations.RenameField("ChosenChannel", "stopped_at", "chosen_at"),
        migrations.AddField("ChosenChannel", "kind", models.CharField(blank=True, default="", max_length=30)),
        migrations.AddField("ChosenChannel", "wanted", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "ChosenChannel",
            models.UniqueConstraint(fields=("user", "channel", "kind"), name="notices_chosen_once"),
        ),
    ]
