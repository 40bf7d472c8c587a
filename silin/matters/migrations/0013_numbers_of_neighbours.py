from datetime import date
from typing import Any

from django.db import migrations

NUMBERS = {
    "matters.similar_metres": 250,  # how near an open matter is offered instead of a new one
    "matters.similar_weeks": 12,  # how long ago it was raised at most
    "matters.similar_at_most": 3,  # how many are offered
    "matters.map_weeks": 12,  # how long something done stays on the public map
}
WORDS = {
    "未成年": "可能说到孩子，不公开能认出孩子的话",
    "小学生": "可能说到孩子，不公开能认出孩子的话",
    "孩子": "可能说到孩子，不公开能认出孩子的话",
    "残疾": "可能说到某个人的身体",
    "精神病": "可能说到某个人的病",
    "癌": "可能说到某个人的病",
    "吸毒": "可能说到某个人的过错，没有查实",
    "小偷": "可能说到某个人的过错，没有查实",
    "家暴": "可能让受害的人被认出来",
    "离婚": "可能说到别人的家事",
    "身份证": "可能带着证件号码",
    "银行卡": "可能带着卡号",
    "密码": "可能带着密码",
}


def seed(apps: Any, schema_editor: Any) -> None:
    number = apps.get_model("places", "Number")
    for name, value in NUMBERS.items():
        number.objects.get_or_create(
            name=name, place_path="", valid_from=date(2000, 1, 1), defaults={"value": value}
        )
    watched = apps.get_model("matters", "WatchedWord")
    for word, why in WORDS.items():
        watched.objects.get_or_create(word=word, defaults={"why": why})


class Migration(migrations.Migration):
    dependencies = [("matters", "0012_together"), ("places", "0003_numbers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
