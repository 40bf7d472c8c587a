from typing import Any

from django.db import migrations

from silin.places.numbers import write_first_numbers

NUMBERS = {
    "matters.warn_share": 0.7,  # of the handle time used up: yellow
    "matters.verify_days": 7,  # days the raiser has to say "not yet"
    "matters.redo_days": 1,  # working days after "not yet"
    "matters.pause_days": 14,  # days after which a stopped clock goes on by itself
    "matters.reopen_days": 30,  # days after closing
    "matters.review_days": 30,  # days a review link works
    "matters.escalate_days": 2,  # working days between two steps upward
    "matters.contact_hours": 2,  # working hours within which the raiser is spoken with
    "matters.defer_days": 92,  # days at most until a review day
    "matters.urge_hours": 24,  # hours between two times that one person asks for speed
    "matters.look_back_days": 30,  # days after a supervision is lifted
    "matters.report_hours": 4,  # working hours within which a whistled department comes
    "matters.returns_at_most": 3,  # then the level above decides, and that cannot be given back
    "matters.similar_metres": 250,  # how near an open matter is offered instead of a new one
    "matters.similar_weeks": 12,  # how long ago it was raised at most
    "matters.similar_at_most": 3,  # how many are offered
    "matters.map_weeks": 12,  # how long something done stays on the public map
}
STREET = ("street_duty", "street_centre_head")
WHISTLES = {
    "community_desk": STREET,
    "community_secretary": STREET,
    "street_duty": ("street_clerk", "county_clerk", "county_duty"),
    "street_centre_head": ("street_clerk", "county_clerk", "county_duty"),
    "county_duty": ("county_clerk", "city_clerk", "city_duty"),
    "city_duty": ("city_clerk",),
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
TAGS = (
    ("quick", "来得快", "Came quickly", True),
    ("solved", "问题解决了", "It is solved", True),
    ("kind", "态度好", "Friendly", True),
    ("explained", "讲得清楚", "Explained it well", True),
    ("slow", "来得慢", "Came late", False),
    ("unsolved", "没解决好", "Not really solved", False),
    ("unkind", "态度不好", "Unfriendly", False),
    ("unexplained", "没讲清楚", "Did not explain it", False),
)


def seed(apps: Any, schema_editor: Any) -> None:
    write_first_numbers(apps, NUMBERS)
    rule = apps.get_model("matters", "WhistleRule")
    for one, others in WHISTLES.items():
        for other in others:
            rule.objects.get_or_create(from_kind_id=one, to_kind_id=other)
    watched = apps.get_model("matters", "WatchedWord")
    for word, why in WORDS.items():
        watched.objects.get_or_create(word=word, defaults={"why": why})
    tag = apps.get_model("matters", "ReviewTag")
    for order, (code, name, name_en, good) in enumerate(TAGS):
        said = {"name": name, "name_en": name_en, "good": good, "order": order}
        tag.objects.get_or_create(code=code, defaults=said)


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial"), ("people", "0002_first_rows"), ("places", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
