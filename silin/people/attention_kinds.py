"""The reasons to look in on somebody that a city begins with. Rows, so that a city may change them."""

from __future__ import annotations

from typing import Any

A_YEAR = 365
OLD = 60

KINDS: list[dict[str, Any]] = [
    {
        "code": "elder_alone",
        "title": "独居老人",
        "title_en": "Elder who lives alone",
        "purpose": "按约定上门或打电话看看，家里有事能早点知道",
        "purpose_en": "somebody comes or calls as agreed, so that trouble at home is noticed early",
        "least_age": OLD,
        "alone": True,
        "counts_as": "stock.elders_alone",
    },
    {
        "code": "elders_only",
        "title": "只有老人的家庭",
        "title_en": "Elders by themselves",
        "purpose": "按约定上门或打电话看看，家里有事能早点知道",
        "purpose_en": "somebody comes or calls as agreed, so that trouble at home is noticed early",
        "least_age": OLD,
    },
    {
        "code": "disabled",
        "title": "残疾人",
        "title_en": "Disabled person",
        "purpose": "出门、办事需要人搭把手",
        "purpose_en": "a hand with ways and errands",
    },
    {
        "code": "child",
        "title": "需要帮助的孩子",
        "title_en": "Child who needs help",
        "purpose": "学习和生活上有人照应",
        "purpose_en": "somebody is there for school and everyday life",
    },
    {
        "code": "hardship",
        "title": "困难家庭",
        "title_en": "Family in hardship",
        "purpose": "该有的补助和帮助不落下",
        "purpose_en": "no benefit and no help that is theirs is missed",
    },
]


def seed(kinds: Any) -> None:
    """Write the kinds that are missing; ``kinds`` is the model as a migration knows it."""
    for row in KINDS:
        values = {"lasts_days": A_YEAR, **row}
        kinds.objects.get_or_create(code=values.pop("code"), defaults=values)
