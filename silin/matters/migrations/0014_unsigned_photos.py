from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0013_numbers_of_neighbours"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="unsigned",
            field=models.BooleanField(default=False),
        ),
    ]
