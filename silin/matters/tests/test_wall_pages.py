"""The wall: counts and colours by grid for everybody, and nobody's name, door or words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.matters.jobs import turn
from silin.matters.models import Colour, Matter
from silin.matters.tests.pages import answered, in_hand, make_town, raised
from silin.matters.wall_figures import parts_of
from tests.counting import statements
from tests.town import Town

NOW = timezone.now()


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


def wall(here: Town) -> str:
    return Client().get(f"/wall/{here.community.code}/").content.decode()


def late(here: Town, words: str = "三楼楼道灯不亮") -> Matter:
    """A report whose time has run out, and the clock has noted it."""
    matter = raised(here, words, now=NOW - timedelta(days=30), place=here.grid)
    turn(NOW)
    matter.refresh_from_db()
    assert matter.colour == Colour.LATE
    return matter


def test_everybody_sees_it_and_it_needs_no_script_to_stay_fresh(here: Town) -> None:
    page = wall(here)
    assert 'http-equiv="refresh"' in page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "data-live" in page
    assert "data-age" in page
    assert "数据截至" in page
    assert "<script>" not in page
    assert "style=" not in page
    assert "登录" not in page


def test_four_numbers(here: Town) -> None:
    raised(here)
    in_hand(here)
    answered(here)
    page = wall(here)
    numbers = page.partition('id="nums"')[2].partition("</section>")[0]
    for words, n in (("今天说的", 3), ("今天办好", 1), ("正在办", 3)):
        assert f'{words}</p><p class="big num">{n}</p>' in numbers
    assert "件数太少" in numbers


def test_nobody_is_named_and_nobodys_words_are_shown(here: Town) -> None:
    late(here, "陈桂兰家门口三楼灯不亮，电话13812345678")
    answered(here, "我家 301 漏水，找陈桂兰")
    page = wall(here)
    for secret in ("陈桂兰", "王淑琴", "13812345678", "301", "三楼", "柳巷家园", "王*琴"):
        assert secret not in page, secret


def test_what_is_late_is_watched_with_its_grid_and_its_post(here: Town) -> None:
    matter = late(here)
    watch = wall(here).partition('id="watch"')[2].partition("</section>")[0]
    assert str(matter.category) in watch
    assert here.grid.short_name in watch
    assert "网格员" in watch
    assert "clock--late" in watch


def test_the_colours_stand_in_a_list_and_on_the_outlines(here: Town) -> None:
    late(here)
    in_hand(here)
    page = wall(here)
    assert page.count('class="part part--') == 2
    parts = {part.place: (part.late, part.warn, part.ok) for part in parts_of(here.community, NOW)}
    assert parts[here.grid] == (1, 0, 1)
    assert len(parts) == 2


def test_what_lies_in_no_grid_is_counted_apart(here: Town) -> None:
    raised(here, "社区大门口的牌子歪了", place=here.community)
    parts = [(part.place, part.ok) for part in parts_of(here.community, NOW)]
    assert (here.community, 1) in parts
    assert parts_of(here.grid, NOW)[0].place == here.grid


def test_a_street_shows_its_communities(here: Town) -> None:
    late(here)
    parts = parts_of(here.street, NOW)
    assert [(part.place, part.late) for part in parts] == [(here.community, 1), (here.other, 0)]
    assert Client().get(f"/wall/{here.street.code}/").status_code == 200


def test_the_ticker_says_what_was_done_today(here: Town) -> None:
    assert "今天还没有办好的" in wall(here)
    matter = answered(here)
    ticker = wall(here).partition('id="told"')[2]
    assert str(matter.category) in ticker
    assert "说清楚了" in ticker


def test_an_unknown_or_closed_place_is_not_found(here: Town) -> None:
    assert Client().get("/wall/990199999999/").status_code == 404
    here.other.active_until = NOW.date()
    here.other.save()
    assert Client().get(f"/wall/{here.other.code}/").status_code == 404


def test_the_front_door_is_the_citys_wall(here: Town) -> None:
    assert Client().get("/wall/")["Location"] == f"/wall/{here.city.code}/"


def test_without_a_place_there_is_no_wall(db: None) -> None:
    assert Client().get("/wall/").status_code == 404


def test_the_wall_keeps_its_budget(here: Town) -> None:
    late(here)
    answered(here)
    assert statements(Client(), f"/wall/{here.community.code}/") <= 12
