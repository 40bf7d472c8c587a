from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0022_clerks_read_what_they_have"),
    ]

    operations = [
        migrations.AddField(
            model_name="teammember",
            name="left_with_team",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
