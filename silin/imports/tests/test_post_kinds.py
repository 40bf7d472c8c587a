"""The kinds of posts that are asked for, one by one: a row each, set up and shown where it should."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from silin.imports.tests.test_estates import bring
from silin.people.actions import appoint
from silin.people.administrators import KINDS as ADMINISTRATORS
from silin.people.models import Holding, Organisation, Post, PostKind
from silin.people.organisations import About, add_organisation
from silin.places.actions import add_place
from silin.places.models import Place
from tests.town import Town, person

HEAD = ["岗位种类", "地点代码", "小区名称", "楼号", "单位名称", "姓名", "手机号", "来源", "交叉任职"]
PUBLIC, HOUSE, ROSTER = "residents read it", "of a building", "on the roster"


@dataclass(frozen=True)
class Asked:
    """One kind: what it is asked for as, its code, words and level, a right of it, where it shows."""

    name: str
    code: str
    title: str
    level: str
    may: str = ""
    shows: frozenset[str] = frozenset()
    origin: str = ""


def asked(
    name: str, code: str, title: str, level: str, may: str = "", *shows: str, origin: str = ""
) -> Asked:
    return Asked(name, code, title, level, may, frozenset(shows), origin)


KINDS = [
    asked("grid leader", "grid_leader", "网格长", "grid", "matters.verify", PUBLIC, ROSTER),
    asked("worker", "grid_worker", "网格员", "grid", "matters.handle", PUBLIC, ROSTER),
    asked("extender", "grid_extender", "网格拓展员", "grid", "places.see", PUBLIC, ROSTER),
    asked("micro-grid head", "micro_grid_head", "微网格长", "micro_grid", "places.see", PUBLIC),
    asked("building head", "building_head", "楼栋长", "micro_grid", "places.see", PUBLIC, HOUSE),
    asked("building council", "building_council", "楼栋理事", "micro_grid", "", HOUSE),
    asked("party-member household", "party_household", "党员中心户", "micro_grid", "", HOUSE),
    asked("steward with origin", "grid_steward", "网格管家", "grid", "", PUBLIC, ROSTER, origin="能人"),
    asked("desk", "community_desk", "社区值班", "community", "matters.triage", PUBLIC, ROSTER),
    asked(
        "bureau clerk of the street", "street_clerk", "镇街部门工作人员", "street", "matters.handle", ROSTER
    ),
    asked(
        "bureau clerk of the county", "county_clerk", "县区部门工作人员", "county", "matters.handle", ROSTER
    ),
    asked("bureau clerk of the city", "city_clerk", "市级部门工作人员", "city", "matters.handle", ROSTER),
    asked("property manager", "property_manager", "小区物业经理", "community", "places.see", PUBLIC, ROSTER),
    asked("station keeper", "station_keeper", "站点管理员", "community", "places.see", PUBLIC, ROSTER),
    asked(
        "community secretary", "community_secretary", "社区书记", "community", "people.edit", PUBLIC, ROSTER
    ),
    asked(
        "community staff", "community_staff", "社区工作人员", "community", "matters.handle", PUBLIC, ROSTER
    ),
    asked(
        "street governance centre",
        "street_duty",
        "街道综治中心值班",
        "street",
        "matters.close",
        PUBLIC,
        ROSTER,
    ),
    asked("its head", "street_centre_head", "镇街综治中心主任", "street", "people.edit", ROSTER),
    asked("task group of the county", "county_task_group", "县区专项组成员", "county", "league.see", ROSTER),
    asked("task group of the city", "city_task_group", "市级专项组成员", "city", "league.see", ROSTER),
    asked("assessment of the county", "county_assessment", "县区考核办", "county", "league.see", ROSTER),
    asked("assessment of the city", "city_assessment", "市考核办", "city", "league.see", ROSTER),
    asked("liaison, community", "community_liaison", "社区联络员", "community", "league.see", ROSTER),
    asked("liaison, county", "county_liaison", "县区联络员", "county", "league.see", ROSTER),
    asked("liaison, city", "city_liaison", "市级联络员", "city", "league.see", ROSTER),
    asked(
        "leader with contact point",
        "contact_leader",
        "联系社区的领导",
        "community",
        "matters.see",
        ROSTER,
    ),
    asked("officer with a grid", "grid_contact", "联系网格的镇街干部", "grid", "matters.see", PUBLIC, ROSTER),
    asked("sent-down officer", "sent_officer", "下沉干部", "community", "matters.see", PUBLIC, ROSTER),
    asked("four heads: street", "street_head", "街长", "street", "", PUBLIC),
    asked("four heads: road", "road_head", "路长", "community", "", PUBLIC),
    asked("four heads: lane", "lane_head", "巷长", "grid", "", PUBLIC),
    asked("four heads: shops", "shop_row_head", "店长", "community", "", PUBLIC),
    asked("legal team: police", "police_officer", "社区民警", "community", "", PUBLIC),
    asked("legal team: judge", "judge", "法官", "community", "", PUBLIC),
    asked("legal team: prosecutor", "prosecutor", "检察官", "community", "", PUBLIC),
    asked("legal team: lawyer", "lawyer", "律师", "community", "", PUBLIC),
    asked("legal adviser", "legal_adviser", "法律顾问", "community", "", PUBLIC),
    asked("legal helper", "legal_helper", "法律明白人", "community", "", PUBLIC),
    asked("mediator", "mediator", "人民调解员", "community", "", PUBLIC),
    asked("administrator: system", "system_admin", "系统管理员", "city", "system.run"),
    asked("administrator: security", "security_admin", "安全管理员", "city", "rights.edit"),
    asked("administrator: audit", "auditor", "审计员", "city", "history.see"),
]
BODIES = {"bureau": "城管局", "property": "安居物业"}


@pytest.fixture
def places(town: Town) -> dict[str, Place]:
    """A place of each level, with a department or a property company where kinds ask for one."""
    now = timezone.now()
    micro = add_place(name="一号微网格", level="micro_grid", parent=town.grid, actor=None, now=now)
    found = {"micro_grid": micro, "grid": town.grid, "community": town.community}
    found |= {"street": town.street, "county": town.county, "city": town.city}
    for level in ("street", "county", "city"):
        add_organisation(found[level], About(BODIES["bureau"], "bureau"), actor=None, now=now)
    add_organisation(town.community, About(BODIES["property"], "property"), actor=None, now=now)
    return found


def test_each_is_a_row_with_its_level_words_and_rights(db: None) -> None:
    rows = {row.pk: row for row in PostKind.objects.all()}
    assert {each.code for each in KINDS} <= set(rows)
    for each in KINDS:
        row = rows[each.code]
        assert (row.level, row.title, row.is_public) == (each.level, each.title, PUBLIC in each.shows), each
        assert not each.may or each.may in row.capabilities, each
        assert row.with_origin == bool(each.origin), each
        assert row.title_en.isascii(), each


def test_each_is_set_up_on_a_page_and_shown_where_it_belongs(
    zhou: Client, town: Town, places: dict[str, Place]
) -> None:
    names = {each.code: f"甲{n:02d}号" for n, each in enumerate(KINDS)}
    posts = [_set_up(zhou, town, places[each.level], each) for each in KINDS]
    for post in posts:
        origin = "volunteer" if post.kind.with_origin else ""
        appoint(post, person(names[post.kind_id]), actor=None, now=timezone.now(), origin=origin)
    pages = {level: _read(zhou, f"/desk/posts/{place.code}/?kind=") for level, place in places.items()}
    everybody = Client().get(f"/open/communities/{town.community.code}/").content.decode()
    levels = ("community", "street", "county", "city")
    rosters = "".join(_read(zhou, f"/desk/rosters/{places[level].code}/?grids=1") for level in levels)
    for each in KINDS:
        level = "grid" if HOUSE in each.shows else each.level
        assert names[each.code] in pages[level], each
        assert (names[each.code] in everybody) == (PUBLIC in each.shows), each
        assert (names[each.code] in rosters) == (ROSTER in each.shows), each


def _set_up(zhou: Client, town: Town, place: Place, each: Asked) -> Post:
    house = HOUSE in each.shows
    where = town.grid if house else place
    door, key = f"/desk/posts/{where.code}/new/", str(uuid4())
    assert f'<option value="{each.code}">{each.title}</option>' in _read(zhou, door), each
    body = BODIES.get(PostKind.objects.get(pk=each.code).belongs_to)
    sent = {"kind": each.code, "place": str(where.pk), "key": key}
    sent |= {"building": str(town.building.pk)} if house else {}
    if body:
        sent["organisation"] = str(Organisation.objects.get(name=body, place=where).pk)
    answer = zhou.post(door, sent)
    assert answer.status_code == 303, (each, answer.content.decode())
    return Post.objects.select_related("kind").get(pk=key)


def _read(client: Client, address: str) -> str:
    """A list to its end."""
    words, after = "", ""
    for _page in range(4):
        page = client.get(f"{address}{after}").content.decode()
        words += page
        more = re.search(r"after=[^\"&]+", page)
        if more is None:
            break
        after = f"&{more[0]}"
    return words


def test_each_comes_from_the_sheet(zhou: Client, town: Town, places: dict[str, Place]) -> None:
    rows = [_line(town, places, each) for each in KINDS]
    had = {"grid_worker", "grid_leader", "community_desk", "street_duty"}
    assert bring(zhou, town, "posts", [HEAD, *rows]) == (len(KINDS) - len(had), len(had))
    for n, each in enumerate(KINDS):
        post = Post.objects.get(kind=each.code)
        held = Holding.objects.filter(post=post, valid_until=None).first()
        assert (held is None) == (each.code in ADMINISTRATORS), each
        if held is not None:
            assert (held.user.name, held.get_origin_display()) == (f"乙{n:02d}号", each.origin), each
            assert held.cross == (each.code == "property_manager"), each


def _line(town: Town, places: dict[str, Place], each: Asked) -> list[str]:
    house = HOUSE in each.shows
    estate, number = (town.building.estate.name, town.building.number) if house else ("", "")
    code = (town.grid if house else places[each.level]).code
    body = BODIES.get(PostKind.objects.get(pk=each.code).belongs_to, "")
    name = "" if each.code in ADMINISTRATORS else f"乙{KINDS.index(each):02d}号"
    phone = f"198{KINDS.index(each):08d}" if name else ""
    cross = "是" if each.code == "property_manager" else ""
    return [each.title, code, estate, number, body, name, phone, each.origin, cross]
