"""The posts a city begins with and what each may do. Rows, so that a city may change them."""

from __future__ import annotations

from dataclasses import dataclass

CAPABILITIES: dict[str, str] = {
    "places.see": "the register of places, estates and posts",
    "places.edit": "change the register of places",
    "people.see": "who holds which post",
    "people.edit": "give and end posts",
    "households.see": "the register of households of the place; every opening is written down",
    "households.edit": "put down, join, move and merge households and their people",
    "matters.see": "read the matters of the place",
    "matters.handle": "take, handle and answer what is in the hands of the post",
    "matters.triage": "sort what has come in: category, public or not, refuse what is not for the city",
    "matters.verify": "look at an answer and say whether it is so",
    "matters.close": "close a matter, take it back from the closed ones",
    "matters.name": "see who raised a matter",
    "league.see": "the league of the places underneath",
    "history.see": "read the book of deeds",
}

REGISTER = ["households.see", "households.edit"]
HANDS = ["places.see", "matters.see", "matters.handle", "matters.name"]
DESK = [*HANDS, "matters.triage", "matters.verify", "matters.close", "people.see", "league.see"]


@dataclass(frozen=True)
class PostKindData:
    """One kind of post: ``level`` is the level of the places that have it, ``rank`` who comes next above."""

    code: str
    title: str
    title_en: str
    level: str
    rank: int
    capabilities: list[str]


POST_KINDS: list[PostKindData] = [
    PostKindData("building_head", "楼栋长", "Building head", "micro_grid", 5, ["places.see"]),
    PostKindData("micro_grid_head", "微网格长", "Micro-grid head", "micro_grid", 10, ["places.see"]),
    PostKindData("grid_extender", "网格拓展员", "Grid extender", "grid", 15, ["places.see"]),
    PostKindData("grid_worker", "网格员", "Grid worker", "grid", 20, [*HANDS, *REGISTER, "matters.verify"]),
    PostKindData(
        "grid_leader",
        "网格长",
        "Grid leader",
        "grid",
        30,
        [*HANDS, *REGISTER, "matters.verify", "people.see"],
    ),
    PostKindData("community_staff", "社区工作人员", "Community staff", "community", 35, [*HANDS, *REGISTER]),
    PostKindData("community_desk", "社区值班", "Community desk", "community", 40, [*DESK, *REGISTER]),
    PostKindData(
        "community_secretary",
        "社区书记",
        "Community secretary",
        "community",
        50,
        [*DESK, *REGISTER, "places.edit", "people.edit"],
    ),
    PostKindData("street_duty", "街道综治中心值班", "Street centre on duty", "street", 60, DESK),
    PostKindData("county_duty", "县区值班", "County centre on duty", "county", 70, DESK),
    PostKindData(
        "city_admin", "市级管理员", "City administrator", "city", 80, [*DESK, "places.edit", "people.edit"]
    ),
    PostKindData("auditor", "审计员", "Auditor", "city", 80, ["history.see"]),
]
