"""A file that should not have been brought in is taken back; what others have changed since stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.history.models import Entry
from silin.imports.actions import forget_old
from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import GRIDS
from silin.imports.tests.test_desk import decide
from silin.imports.tests.test_estates import BUILDINGS, ESTATES, bring, send
from silin.imports.tests.test_people import POSTS
from silin.imports.tests.test_register import HOMES, RESIDENTS, home
from silin.people.actions import settle_in
from silin.people.models import Holding, Person, Post
from silin.places.actions import set_boundary
from silin.places.models import Boundary, Building, Estate, Place
from silin.places.numbers import set_number
from tests.town import MONDAY, Town, person


def test_the_wrong_file_is_taken_back_and_the_right_one_comes_in(zhou: Client, town: Town) -> None:
    code, estate = town.community.code, town.building.estate
    wrong = [[code, "新家园", "1998", "是", ""], [code, estate.name, "1987", "", "已改造"]]
    batch = send(zhou, town, "estates", [ESTATES, *wrong])
    assert "撤回" not in zhou.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    text = decide(zhou, batch, "all")
    assert "撤回这次导入" in text
    estate.refresh_from_db()
    assert estate.built_year == 1987
    text = decide(zhou, batch, "undo")
    assert "由 周敏 撤回" in text
    assert (batch.state, batch.removed, batch.restored, batch.stayed) == (BatchState.UNDONE, 1, 1, 0)
    assert (batch.written, batch.undone_by) == ("", town.zhou)
    as_before = Estate.objects.get(pk=estate.pk)
    assert (as_before.built_year, as_before.renewal) == (None, "")
    assert not Estate.objects.filter(name="新家园").exists()
    decide(zhou, batch, "undo")
    decide(zhou, batch, "all")
    [_, back] = Entry.objects.filter(subject=batch.subject).order_by("seq")
    assert (back.action, back.actor) == ("undo_batch", town.zhou)
    assert back.fields == {"removed": 1, "restored": 1, "stayed": 0}
    assert bring(zhou, town, "estates", [ESTATES, *wrong]) == (1, 1)


def test_what_somebody_has_touched_since_stays_and_it_is_said_why(zhou: Client, town: Town) -> None:
    code = town.community.code
    names = ["甲园", "乙园", "丙园", "丁园"]
    batch = send(zhou, town, "estates", [ESTATES, *([code, name, "1998", "", ""] for name in names)])
    decide(zhou, batch, "all")
    Estate.objects.filter(name="甲园").update(built_year=1999)
    second = Estate.objects.get(name="乙园")
    Building.objects.create(estate=second, grid=town.grid, number="1", entrances=1, floors=1)
    Estate.objects.filter(name="丙园").delete()
    text = decide(zhou, batch, "undo")
    assert (batch.removed, batch.stayed) == (1, 3)
    assert set(Estate.objects.values_list("name", flat=True)) == {"柳巷家园", "甲园", "乙园"}
    for why in ("导入以后有人改过", "已经有别的内容挂在它下面", "表里已经没有这一行了"):
        assert why in text
    assert f"{code} · 甲园" in text


def test_nothing_that_could_come_back_leaves_the_batch_as_it_was(zhou: Client, town: Town) -> None:
    batch = send(zhou, town, "grids", [GRIDS, [town.community.code, "第三网格", ""]])
    decide(zhou, batch, "all")
    settle_in(person("新来的"), Place.objects.get(name="第三网格"))
    assert "一行也撤不回来" in decide(zhou, batch, "undo", status=409)
    assert batch.state == BatchState.COMMITTED
    assert not Entry.objects.filter(subject=batch.subject, action="undo_batch").exists()


def test_numbers_and_outlines_that_are_there_are_not_taken_away(zhou: Client, town: Town) -> None:
    number = f"{town.community.code}01007"
    third = send(zhou, town, "grids", [GRIDS, [town.community.code, "第三网格", ""]])
    decide(zhou, third, "all")
    batch = send(zhou, town, "grids", [GRIDS, [town.community.code, "第三网格", number]])
    decide(zhou, batch, "all")
    assert "没能全部恢复" in decide(zhou, batch, "undo", status=409)
    grid = Place.objects.get(name="第三网格")
    assert grid.code == number
    shape = Boundary.objects.get(place=town.grid, valid_until=None).shape
    set_boundary(grid, shape, MONDAY.date(), actor=None, now=MONDAY)
    assert "导入以后有人改过" in decide(zhou, third, "undo", status=409)


def test_whoever_got_a_post_by_a_file_leaves_it_and_the_seat_is_free_for_the_right_file(
    zhou: Client, town: Town
) -> None:
    day = str(timezone.localdate())
    row = ["网格员", town.grid.code, "9", "何春花", "13900000033", day, "", "", ""]
    batch = send(zhou, town, "posts", [POSTS, row])
    decide(zhou, batch, "all")
    taken = Post.objects.get(serial=9)
    assert Holding.objects.filter(post=taken).count() == 1
    decide(zhou, batch, "undo")
    assert (batch.removed, batch.stayed) == (1, 0), batch.shown
    assert not Post.objects.filter(pk=taken.pk).exists()
    actions = Entry.objects.filter(subject=taken.subject).values_list("action", flat=True)
    assert "end" in actions
    row[3], row[4] = "何秋月", "13900000034"
    assert bring(zhou, town, "posts", [POSTS, row]) == (1, 0)


def test_a_register_is_taken_back_from_the_end_and_who_has_an_account_stays(
    client: Client, town: Town
) -> None:
    client.force_login(town.li)
    town.city = town.community
    homes = send(client, town, "households", [HOMES, home(town, "1", "301", "", "")])
    decide(client, homes, "all")
    rows = [home(town, "1", "301", name, "", "1958", "") for name in ("甲某", "乙某")]
    people = send(client, town, "residents", [RESIDENTS, *rows])
    decide(client, people, "all")
    assert "已经有别的内容挂在它下面" in decide(client, homes, "undo", status=409)
    second = Person.objects.get(name="乙某")
    Person.objects.filter(pk=second.pk).update(user=town.stranger)
    text = decide(client, people, "undo")
    assert "已经有账号" in text
    assert list(Person.objects.values_list("name", flat=True)) == ["乙某"]


def test_after_some_days_it_is_too_late_and_nothing_is_kept(zhou: Client, town: Town) -> None:
    set_number("imports.undo_days", 2, valid_from=timezone.localdate(), actor=None, now=timezone.now())
    row = [town.community.code, "柳巷家园", "11", town.grid.code, "1", "6", "", ""]
    batch = send(zhou, town, "buildings", [BUILDINGS, row])
    decide(zhou, batch, "all")
    assert batch.written
    Batch.objects.update(decided_at=timezone.now() - timedelta(days=2, minutes=1))
    assert "已经不能撤回了" in decide(zhou, batch, "undo", status=409)
    assert "撤回这次导入" not in zhou.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    forget_old(timezone.now())
    batch.refresh_from_db()
    assert batch.written == ""


@pytest.mark.parametrize("who", ["stranger", "wang", "li"])
def test_strangers_take_nothing_back(zhou: Client, town: Town, who: str) -> None:
    batch = send(zhou, town, "grids", [GRIDS, [town.community.code, "第三网格", ""]])
    decide(zhou, batch, "all")
    zhou.force_login(getattr(town, who))
    assert zhou.post(f"/desk/imports/batches/{batch.pk}/", {"do": "undo"}).status_code == 404
    assert Place.objects.filter(name="第三网格").exists()
