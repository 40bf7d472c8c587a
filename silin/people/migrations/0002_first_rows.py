from typing import Any

from django.db import migrations

from silin.people import attention_kinds, post_kinds
from silin.places.numbers import write_first_numbers

NUMBERS = {
    "notices.quiet_from": 21,  # o'clock: from then on text messages and e-mails wait
    "notices.quiet_until": 8,  # o'clock: until then
    "notices.gather_minutes": 15,  # so long after a message further ones gather
    "accounts.idle_minutes": 15,  # so long nobody has to do anything before a desk locks
    "accounts.desk_hours": 12,  # so long a desk stays signed in at most
    "accounts.away_hours": 8,  # so long nobody came back to a locked desk before it signs out
    "accounts.phone_days": 30,  # so long a worker's phone stays signed in at most
    "people.request_days": 15,  # so many workdays an office has to answer who asks about their data
}


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)
    post_kinds.seed(apps.get_model("people", "PostKind"))
    attention_kinds.seed(apps.get_model("people", "AttentionKind"))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("places", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
