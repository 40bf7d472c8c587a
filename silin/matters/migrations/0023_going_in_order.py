from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0022_terms_so_far"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(
                    ("released_at__isnull", False),
                    ("state__in", ("raised", "assigned", "in_hand", "waiting", "answered")),
                ),
                fields=["-raised_at", "-id"],
                name="matters_going",
            ),
        ),
    ]
