from typing import Any

from django.db import migrations

from silin.places.numbers import write_first_numbers

NUMBERS = {
    "assessment.publish_on_day": 5,  # of the next month: what was done on the last day has come in by then
    "assessment.standard_from": 85,  # of 100
    "assessment.excellent_from": 92,  # of 100
    "assessment.rank_from": 10,  # of the 100 points must be countable
    "assessment.survey_pull": 30,  # answers
    "assessment.veto_on": 0,  # off until a city names its legal basis and turns it on
}


def write(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial"), ("places", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
