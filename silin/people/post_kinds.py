"""The posts a city begins with and what each may do. Rows, so that a city may change them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words

CAPABILITIES: dict[str, Words] = {
    "places.see": _("the register of places, estates and posts"),
    "places.edit": _("change the register of places"),
    "people.see": _("who holds which post"),
    "people.edit": _("give and end posts, keep organisations and who runs what"),
    "teams.edit": _("set teams up, change and close them, let members in and out"),
    "rosters.edit": _("fill the rosters of the place"),
    "households.see": _("the register of households of the place; every opening is written down"),
    "households.edit": _("put down, join, move and merge households and their people"),
    "attention.see": _("see who agreed to be looked in on, and by whom; for whoever leads there"),
    "requests.answer": _("answer who asks about their data: put right, copy, delete"),
    "matters.see": _("read the matters of the place"),
    "matters.handle": _("take, handle and answer what is in the hands of the post"),
    "matters.triage": _("sort what has come in: category, public or not, refuse what is not for the city"),
    "matters.verify": _("look at an answer and say whether it is so"),
    "matters.close": _("close a matter, take it back from the closed ones"),
    "matters.note": _("put matters down for others who told of them"),
    "matters.name": _("see who raised a matter"),
    "routing.edit": _("say who gets which matters first, keep duty lists and whose answers a head signs"),
    "league.see": _("the league of the places underneath"),
    "catalogue.edit": _("change the catalogue of indicators by which communities are assessed"),
    "vetoes.decide": _("declare a veto on the grade of a place underneath, rule on an appeal of another's"),
    "history.see": _("read the book of deeds"),
    "city.set_up": _("set the city up and open it to residents"),
    "system.run": _("look after the installation: jobs, messages, backups, set-up tables"),
    "rights.edit": _("say what each kind of post may do, and how long personal data are kept"),
    "settings.edit": _("change the texts of the city"),
}

IN_HANDS = ("matters.see", "matters.name")
"""What a post that reaches ``hands`` or ``estates`` may do only with what it has in hand or was called to."""

APART = (("system.run",), ("people.edit", "rights.edit"), ("history.see",))
"""What lies in three hands (三员): who looks after the machine, who gives posts and rights, who reads.

No post and no person has two of them."""

REGISTER = ["households.see", "households.edit"]
LOOK = ["places.see", "matters.see"]
HANDS = [*LOOK, "matters.handle", "matters.name"]
TEAMS = ["teams.edit", "rosters.edit"]
DESK = [*HANDS, "matters.triage", "matters.verify", "matters.close", "people.see", "league.see", *TEAMS]
EDIT = ["places.edit", "people.edit"]
SETTINGS = "settings.edit"
ROUTING = "routing.edit"
CATALOGUE = "catalogue.edit"
VETO = "vetoes.decide"
CARE, OFFICE = "attention.see", "requests.answer"
COUNT = ["places.see", "people.see", "league.see"]
"""What whoever counts and compares reads; no matter and nobody's name."""


@dataclass(frozen=True)
class PostKindData:
    """One kind of post: ``level`` is the level of the places that have it, ``rank`` who comes next above.

    The posts of systems have no level: any place may have them.

    The other fields are those of ``PostKind``.
    """

    code: str
    title: str
    title_en: str
    level: str
    rank: int
    capabilities: list[str]
    family: str = "community"
    reach: str = "place"
    belongs_to: str = ""
    is_public: bool = False
    with_origin: bool = False


def _grid(
    code: str, title: str, title_en: str, level: str, rank: int, *may: str, **more: Any
) -> PostKindData:
    shown = {"is_public": True, **more}
    return PostKindData(code, title, title_en, level, rank, list(may), "grid", **shown)


def _community(code: str, title: str, title_en: str, rank: int, *may: str, **more: Any) -> PostKindData:
    return PostKindData(code, title, title_en, "community", rank, list(may), **more)


def _above(
    code: str, title: str, title_en: str, level: str, rank: int, *may: str, **more: Any
) -> PostKindData:
    return PostKindData(code, title, title_en, level, rank, list(may), "above", **more)


def _clerk(code: str, title: str, title_en: str, level: str, rank: int) -> PostKindData:
    """A department's clerk reads what the department was called to, and nothing else of the place."""
    return _above(code, title, title_en, level, rank, *HANDS, reach="hands", belongs_to="bureau")


def _named(
    family: str, code: str, title: str, title_en: str, level: str, rank: int, *may: str
) -> PostKindData:
    """A post that residents should know by name; it works outside the system, or nearly so."""
    return PostKindData(code, title, title_en, level, rank, list(may), family, is_public=True)


def _system(code: str, title: str, title_en: str, *may: str, **more: Any) -> PostKindData:
    """What a system comes in by, at whatever level; nobody is sent there and nobody told who holds it."""
    return PostKindData(code, title, title_en, "", 0, list(may), "system", **more)


POST_KINDS: list[PostKindData] = [
    _grid("building_council", "楼栋理事", "Building councillor", "micro_grid", 4, is_public=False),
    _grid("building_head", "楼栋长", "Building head", "micro_grid", 5, "places.see"),
    _grid("party_household", "党员中心户", "Party-member household", "micro_grid", 6, is_public=False),
    _grid("micro_grid_head", "微网格长", "Micro-grid head", "micro_grid", 10, "places.see"),
    _grid("grid_steward", "网格管家", "Grid steward", "grid", 12, with_origin=True),
    _grid("grid_extender", "网格拓展员", "Grid extender", "grid", 15, "places.see"),
    _grid("grid_worker", "网格员", "Grid worker", "grid", 20, *HANDS, *REGISTER, "matters.verify"),
    _grid("grid_contact", "联系网格的镇街干部", "Officer with a grid as contact point", "grid", 29, *LOOK),
    _grid(
        "grid_leader",
        "网格长",
        "Grid leader",
        "grid",
        30,
        *HANDS,
        *REGISTER,
        "matters.verify",
        "people.see",
        CARE,
    ),
    _community(
        "property_manager",
        "小区物业经理",
        "Property manager",
        11,
        *HANDS,
        reach="estates",
        belongs_to="property",
        is_public=True,
    ),
    _community("station_keeper", "站点管理员", "Station keeper", 13, "places.see", is_public=True),
    _community("sent_officer", "下沉干部", "Sent-down officer", 14, *LOOK, is_public=True),
    _community("community_liaison", "社区联络员", "Community liaison officer", 33, *COUNT),
    _community(
        "community_staff", "社区工作人员", "Community staff", 35, *HANDS, *REGISTER, OFFICE, is_public=True
    ),
    _community("community_desk", "社区值班", "Community desk", 40, *DESK, *REGISTER, OFFICE, is_public=True),
    _community(
        "community_secretary",
        "社区书记",
        "Community secretary",
        50,
        *DESK,
        *REGISTER,
        *EDIT,
        CARE,
        OFFICE,
        is_public=True,
    ),
    _community("contact_leader", "联系社区的领导", "Leader with a contact point", 55, *LOOK, "league.see"),
    _named("city_care", "lane_head", "巷长", "Lane head", "grid", 3),
    _named("city_care", "road_head", "路长", "Road head", "community", 3),
    _named("city_care", "shop_row_head", "店长", "Head of a row of shops", "community", 2),
    _named("city_care", "street_head", "街长", "Street head", "street", 3),
    _named("law", "police_officer", "社区民警", "Police officer", "community", 9),
    _named("law", "judge", "法官", "Judge", "community", 9),
    _named("law", "prosecutor", "检察官", "Prosecutor", "community", 9),
    _named("law", "lawyer", "律师", "Lawyer", "community", 9),
    _named("law", "legal_adviser", "法律顾问", "Legal adviser", "community", 8),
    _named("law", "legal_helper", "法律明白人", "Legal helper", "community", 7),
    _named("law", "mediator", "人民调解员", "Mediator", "community", 7),
    _clerk("street_clerk", "镇街部门工作人员", "Street clerk", "street", 16),
    _clerk("county_clerk", "县区部门工作人员", "County bureau clerk", "county", 17),
    _clerk("city_clerk", "市级部门工作人员", "City bureau clerk", "city", 18),
    _above("street_duty", "街道综治中心值班", "Street centre on duty", "street", 60, *DESK, is_public=True),
    _above("street_centre_head", "镇街综治中心主任", "Head of the street centre", "street", 65, *DESK, *EDIT),
    _above("county_liaison", "县区联络员", "County liaison officer", "county", 34, *COUNT),
    _above("county_task_group", "县区专项组成员", "County task group member", "county", 36, *COUNT),
    _above("county_assessment", "县区考核办", "County assessment office", "county", 37, *COUNT),
    _above("county_duty", "县区值班", "County centre on duty", "county", 70, *DESK, ROUTING),
    _above("city_liaison", "市级联络员", "City liaison officer", "city", 34, *COUNT),
    _above("city_task_group", "市级专项组成员", "City task group member", "city", 36, *COUNT),
    _above("city_assessment", "市考核办", "City assessment office", "city", 37, *COUNT, VETO, CATALOGUE),
    _above("city_duty", "市级值班", "City centre on duty", "city", 75, *DESK, ROUTING),
    PostKindData(
        "city_admin",
        "市级管理员",
        "City administrator",
        "city",
        80,
        [*DESK, *EDIT, "city.set_up", SETTINGS, ROUTING, CATALOGUE],
        "admin",
    ),
    PostKindData(
        "system_admin",
        "系统管理员",
        "System administrator",
        "city",
        38,
        ["places.see", "places.edit", "people.see", "city.set_up", "system.run", SETTINGS],
        "admin",
    ),
    PostKindData(
        "security_admin",
        "安全管理员",
        "Security administrator",
        "city",
        38,
        ["places.see", "people.see", "people.edit", "rights.edit"],
        "admin",
    ),
    PostKindData("auditor", "审计员", "Auditor", "city", 80, ["history.see"], "admin"),
    _system("public_app", "对接应用", "App of others", "matters.note"),
    _system("hotline", "热线接口", "Hotline", "places.see", "matters.see", "matters.note"),
    _system(
        "bureau_system", "部门业务系统", "System of a bureau", *HANDS, reach="hands", belongs_to="bureau"
    ),
]


def hands(capabilities: Iterable[str]) -> set[int]:
    """Which of the three hands of ``APART`` somebody with these has."""
    may = set(capabilities)
    return {n for n, own in enumerate(APART) if may.intersection(own)}


def seed(kinds: Any) -> None:
    """Bring the rows up to date: a kind that is missing is written, what a city changed in others stays.

    ``kinds`` is the model as a migration knows it. A row that is there gets only what the product has added
    since: capabilities that no row had before are given by a migration of their own.
    """
    known = {field.name for field in kinds._meta.get_fields()}
    for row in POST_KINDS:
        values = {name: value for name, value in asdict(row).items() if name in known}
        kinds.objects.get_or_create(code=values.pop("code"), defaults=values)
