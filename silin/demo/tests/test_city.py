"""The demo city in the database: each count of the bulletins, asked through the product's own queries."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from silin.demo import faces, load, rest
from silin.demo.words import leaves
from silin.history import queries as history
from silin.history.models import Words
from silin.lib.refusal import Refused
from silin.matters import league
from silin.matters.models import Category, Matter, Photo, Review, State
from silin.matters.queries import in_hand_of, waiting_for
from silin.notices.actions import Message, queue
from silin.notices.models import Notice
from silin.people.models import Holding, Household, Organisation, Person, Post, Resident, Running, Team
from silin.people.post_kinds import POST_KINDS
from silin.people.queries import grid_worker_of, holders, on_duty
from silin.people.vacancies import gaps
from silin.people.weeks import monday_of, read_week, seats_of
from silin.places.levels import Kind, Level
from silin.places.locating import locate
from silin.places.models import (
    AreaMember,
    Boundary,
    Building,
    Estate,
    EstateFigure,
    Facility,
    Place,
    Revision,
)
from silin.places.queries import buildings_under, estates_of, place_page

BAOSHI, YINGDA, TIEDAONAN, NANHUAN = "610303006003", "610302005003", "610304003002", "610305100002"
FULL = (BAOSHI, YINGDA, TIEDAONAN, NANHUAN)
LIGHT = BINHE, XIXINQU = "610326001005", "610328100003"
OFFICE = ("community_desk", "community_secretary")

pytestmark = pytest.mark.usefixtures("demo_db")


def at(code: str) -> Place:
    return Place.objects.get(code=code)


def tallies(code: str) -> dict[str, int]:
    """What the page of a place counts beneath it."""
    return {tally.sort: tally.n for tally in place_page(at(code)).tallies}


def posts(code: str) -> Counter[str]:
    """The posts of the grids, micro-grids, buildings and entrances of a community."""
    kinds = Post.objects.under(at(code)).exclude(kind__in=OFFICE).values_list("kind", flat=True)
    return Counter(kinds)


def test_the_true_register() -> None:
    below = Place.objects.below(at("610300000000"))
    counted = Counter(below.values_list("level", flat=True))
    assert (counted[Level.COUNTY], counted[Level.STREET], counted[Level.COMMUNITY]) == (12, 120, 1370)
    kinds = Counter(below.filter(level=Level.COMMUNITY).values_list("kind", flat=True))
    assert (kinds[Kind.COMMUNITY], kinds[Kind.VILLAGE]) == (203, 1163)


@pytest.mark.parametrize(
    ("code", "grids", "micros", "estates"),
    [
        (BAOSHI, 10, 35, 8),
        (YINGDA, 10, 0, 13),
        (TIEDAONAN, 14, 42, 28),
        (NANHUAN, 15, 60, 20),
        (BINHE, 6, 0, 6),
        (XIXINQU, 5, 0, 5),
    ],
)
def test_grids_and_estates_as_the_bulletins_count_them(
    code: str, grids: int, micros: int, estates: int
) -> None:
    found = tallies(code)
    assert (found["grid"], found.get("micro_grid", 0), found["estate"]) == (grids, micros, estates)
    assert len(estates_of(at(code))) == estates


def test_157_posts() -> None:
    wanted = {"grid_leader": 14, "grid_worker": 14, "micro_grid_head": 42, "building_head": 87}
    assert posts(TIEDAONAN) == wanted
    assert sum(wanted.values()) == 157


def test_379_posts() -> None:
    wanted = {"grid_leader": 15, "grid_worker": 30, "micro_grid_head": 60, "building_head": 274}
    assert posts(NANHUAN) == wanted
    assert sum(wanted.values()) == 379


def test_one_and_one_and_n() -> None:
    found = posts(BAOSHI)
    assert (found["grid_leader"], found["grid_worker"], found["grid_extender"]) == (10, 10, 35)
    assert found["building_head"] == buildings_under(at(BAOSHI)).count() == 41
    found = posts(YINGDA)
    assert (found["grid_leader"], found["grid_worker"], found["grid_steward"]) == (10, 10, 5)


def test_nobody_says_what_two_others_said() -> None:
    for said in (Words.objects.values_list("text"), Review.objects.values_list("words")):
        counted = Counter(text for (text,) in said if text)
        assert [(text, n) for text, n in counted.most_common(9) if n > 2] == []


def test_every_post_is_held_but_where_there_is_trouble() -> None:
    now = timezone.now()
    assert all(holders(post, now) for post in Post.objects.under(at(BAOSHI)))
    empty = [post for post in Post.objects.all() if not holders(post, now)]
    assert [post.kind_id for post in empty] == ["building_head"] * 4
    assert all(post.place.unit == TIEDAONAN for post in empty)
    assert len(gaps(at(TIEDAONAN), now).without_head) == 4
    assert gaps(at(BAOSHI), now).n == 0


def test_the_six_have_desks_on_rosters_and_families_of_posts() -> None:
    for code in (*FULL, *LIGHT):
        week = read_week(seats_of(at(code)), monday_of(timezone.localdate()), timezone.now())
        assert [line.rostered for line in week.lines].count(True) == 2
        assert Household.objects.filter(building__grid__path__startswith=at(code).path).count() >= 20
        bodies = Organisation.objects.under(at(code)).values_list("kind", flat=True)
        assert {"committee", "property", "owners", "self_rule", "partner", "social"} <= set(bodies)
    origins = Holding.objects.filter(post__kind="grid_steward").values_list("origin", flat=True)
    assert set(origins) == set(Holding.Origin.values)
    law = Post.objects.filter(kind__family="law", place=at(BAOSHI)).values_list("kind", flat=True)
    assert set(law) == {row.code for row in POST_KINDS if row.family == "law"}


def test_grids_are_numbered_where_the_drawing_put_them() -> None:
    building = buildings_under(at(BAOSHI)).get(estate__name="宝石家园", number="5")
    assert building.grid.parent is not None
    assert (building.grid.parent.serial, building.grid.parent.code) == (5, f"{BAOSHI}01005")
    assert building.lon is not None
    assert building.lat is not None
    found = locate(building.lon, building.lat)
    assert (found.place, found.building) == (building.grid, building)


def test_every_place_has_a_schematic_outline_and_nothing_else() -> None:
    assert not Boundary.objects.filter(schematic=False).exists()
    drawn = Boundary.objects.filter(valid_until=None).count()
    assert drawn == Place.objects.exclude(level=Level.PROVINCE).count() == 1503 + 60 + 137


def test_the_grid_of_the_stories() -> None:
    now, chen = timezone.now(), faces.person("chen")
    assert chen is not None
    home = Resident.objects.get(user=chen)
    assert str(home.building) == "宝石家园 5 号楼"
    worker = grid_worker_of(home.place, now)
    assert worker is not None
    assert [user.name for user in worker.users] == ["王淑琴"]
    assert [matter.title for matter in waiting_for(chen)] == ["5号楼东侧污水井冒水"]
    assert Matter.objects.filter(raiser=chen).count() >= 3


@pytest.mark.parametrize(
    ("key", "least"), [("wang", 5), ("li", 5), ("ma", 3), ("lei", 3), ("he", 2), ("guo", 1), ("luo", 2)]
)
def test_there_is_something_to_do(key: str, least: int) -> None:
    user = faces.person(key)
    assert user is not None
    assert least <= in_hand_of(user, timezone.now()).count() <= 12


def test_the_first_part_shows_every_state_and_way_in() -> None:
    matters = Matter.objects.all()
    assert matters.count() + rest.remaining() == 6240 + 430
    assert 500 < matters.count() < 640
    assert {matter.state for matter in matters} == set(State.values)
    assert set(matters.values_list("unit", flat=True)) == {*FULL, *LIGHT}
    ways = {"web", "wechat", "phone", "counter", "worker", "hotline", "device", "office"}
    assert set(matters.values_list("channel", flat=True)) == ways
    assert {"community", "street", "county"} <= set(matters.values_list("holder__place__level", flat=True))
    found = set(matters.filter(channel="worker").values_list("kind", flat=True))
    assert found == {"finding"}
    open_now = set(matters.open().values_list("colour", flat=True))
    assert open_now == {"ok", "warn", "late"}


def test_no_text_comes_three_times() -> None:
    assert max(Counter(Matter.objects.values_list("words", flat=True)).values()) <= 2
    assert max(Counter(Matter.objects.values_list("title", flat=True)).values()) <= 2


def test_what_was_done_was_done_by_the_engine() -> None:
    assert history.check() == []
    assert Photo.objects.filter(stage="after").count() > 300
    assert Review.objects.filter(grade__lte=2).exists()
    assert Matter.objects.filter(reopens__gt=0).exists()
    assert Matter.objects.filter(returns__gt=0).exists()
    assert Matter.objects.public().count() > 100


def test_the_rest_is_played_one_after_the_other_and_goes_on_after_a_stop() -> None:
    """Each loop takes the next one, the latest first; what a loop holds in memory may be thrown away.

    What a visitor has caused meanwhile is still to be sent afterwards.
    """
    now, left, there = timezone.now(), rest.remaining(), set(Matter.objects.values_list("pk", flat=True))
    chen = faces.person("chen")
    assert chen is not None
    queue([Message("matter_answered", chen, {}, "/mine/", channel="sms")], now=now)
    for _turn in range(3):
        assert rest.play_rest(now, seconds=0) == 1
        rest._rest.cache_clear()
    new = Matter.objects.exclude(pk__in=there)
    assert (rest.remaining(), new.count()) == (left - 3, 3)
    assert not new.filter(raised_at__lt=now - timedelta(days=3)).exists()
    assert history.check() == []
    assert Notice.objects.filter(next_try__isnull=False).count() == 1


def test_the_season_and_the_week_show() -> None:
    days = Counter(matter.raised_at.astimezone().weekday() for matter in Matter.objects.all())
    assert days[0] > days[6] * 1.3
    wet = Counter(Matter.objects.filter(category="flooding").values_list("raised_at__month", flat=True))
    assert not wet or sum(wet[month] for month in (7, 8, 9)) >= sum(wet.values()) / 2


def test_one_community_is_in_trouble() -> None:
    city, sums = at("610300000000"), Counter[tuple[str, bool]]()
    for ym in league.months(7, timezone.localdate()):
        for row in league.league(city, Level.COMMUNITY, ym):
            sums[row.place.code, True] += row.on_time
            sums[row.place.code, False] += row.late
    rates = {code: sums[code, True] / (sums[code, True] + sums[code, False]) for code in FULL}
    assert min(rates, key=lambda code: rates[code]) == TIEDAONAN
    assert rates[TIEDAONAN] < 0.75 < 0.85 < min(rates[BAOSHI], rates[YINGDA])
    assert rates[TIEDAONAN] < rates[NANHUAN] < min(rates[BAOSHI], rates[YINGDA])


def test_every_category_of_the_sample_is_there() -> None:
    assert set(Category.objects.exclude(parent=None).values_list("code", flat=True)) == set(leaves())


def test_nothing_of_it_is_sent_out() -> None:
    assert not Notice.objects.filter(next_try__isnull=False).exists()


def test_a_place_without_a_desk_of_its_own_is_looked_after() -> None:
    village = at("610304003200")
    assert on_duty(village, ["street_duty", "county_duty"], timezone.now()) is not None


def test_a_second_time_changes_nothing() -> None:
    before = (Place.objects.count(), Post.objects.count(), Matter.objects.count())
    assert load.load(lambda done, total, what: None, now=timezone.now()).already
    assert (Place.objects.count(), Post.objects.count(), Matter.objects.count()) == before


def test_another_city_is_left_alone() -> None:
    Revision.objects.filter(name=load.LOADED).delete()
    with pytest.raises(Refused) as refusal:
        load.load(lambda done, total, what: None, now=timezone.now())
    assert refusal.value.code == "not_empty"


def test_what_is_known_of_the_ground() -> None:
    stations = Facility.objects.under(at(TIEDAONAN)).filter(kind="service_station")
    assert stations.count() == 5
    assert AreaMember.objects.current(timezone.localdate()).get().place == at("610302005000")
    for code in (*FULL, *LIGHT):
        estates = Estate.objects.filter(place=at(code))
        asked = EstateFigure.objects.filter(estate__in=estates).newest()
        assert asked.count() == estates.count() * len(EstateFigure.Name)
        assert all(figure.said_by for figure in asked)


def test_who_is_organised() -> None:
    kinds = Counter(Organisation.objects.under(at(BAOSHI)).values_list("kind", flat=True))
    assert (kinds["partner"], kinds["social"]) == (5, 12)
    riders = Team.objects.get(name="陈仓街巷骑士团")
    assert riders.members.count() == 23
    assert Team.objects.under(at(YINGDA)).count() == 12
    unmanaged = [estate for estate in Estate.objects.all() if estate.is_unmanaged]
    assert unmanaged
    assert not Running.objects.filter(estate__in=unmanaged).exists()


def test_the_building_of_the_story_has_every_home() -> None:
    building = Building.objects.get(estate__name="宝石家园", number="5")
    homes = Household.objects.filter(building=building)
    assert homes.count() == building.entrances * building.floors * 2
    assert Person.objects.filter(user=faces.person("chen"), memberships__household__in=homes).exists()
