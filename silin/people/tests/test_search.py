"""Finding people: Li at the community's desk finds her own, masked; the next community stays out of sight."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User, UserKey
from silin.history.models import Entry
from silin.people.models import Household, Organisation, Person, PersonKey, Post
from silin.people.register import put_down_household, put_down_person
from silin.places.models import Building, Estate
from tests.counting import statements
from tests.town import Town, build

PAGE = "/desk/people/"


@pytest.fixture
def here(db: None) -> Town:
    town = build()
    home = put_down_household(town.building, actor=None, now=timezone.now(), entrance="2", door="301")
    put_down_person(home, "单桂芳", actor=None, now=timezone.now(), phone="13812345678")
    estate = Estate.objects.create(place=town.other, name="河沿家园")
    far = Building.objects.create(estate=estate, grid=town.other_grid, number="5")
    there = put_down_household(far, actor=None, now=timezone.now())
    put_down_person(there, "单小虎", actor=None, now=timezone.now(), phone="13900005678")
    return town


def found(user: User, words: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.post(PAGE, {"q": words})
    assert answer.status_code == 200
    return answer.content.decode().partition("results")[2]


@pytest.mark.parametrize("words", ["王淑琴", "王淑", "淑琴", "wangshuqin", "Wang Shuqin", "wsq", "ＷＳＱ"])
def test_whoever_holds_a_post_is_found(here: Town, words: str) -> None:
    page = found(here.li, words)
    assert "王淑琴" in page
    assert "网格员" in page
    assert "李建民" not in page


@pytest.mark.parametrize(
    "words",
    ["单桂芳", "单桂", "shanguifang", "danguifang", "sgf", "5678", "138 1234 5678", "5号楼", "lxjy5号楼"],
)
def test_a_resident_is_found_and_covered(here: Town, words: str) -> None:
    page = found(here.li, words)
    assert "单**" in page
    assert "138****5678" in page
    for secret in ("单桂芳</", "13812345678", "301", "单小虎", "139****"):
        assert secret not in page
    assert "柳巷家园" in page


def test_the_next_community_stays_out_of_sight(here: Town) -> None:
    assert "单**" not in found(here.li, "单小虎")
    assert "138****" not in found(here.guo, "单桂芳"), "the street has no right to the register"


def test_a_search_that_shows_residents_is_written_down(here: Town) -> None:
    before = Entry.objects.count()
    found(here.li, "王淑琴")
    assert Entry.objects.count() == before
    found(here.li, "单桂芳")
    line = Entry.objects.get(action="search_people")
    person = Person.objects.get(name="单桂芳")
    assert (line.actor, line.post, line.fields) == (here.li, "community_desk", {"people": [str(person.pk)]})
    assert line.text == ""


def test_deleted_people_are_found_no_more(here: Town) -> None:
    Person.objects.filter(name="单桂芳").update(name="")
    assert not PersonKey.objects.filter(row__phone_tail="", row__name="").exists()
    assert "138****" not in found(here.li, "shanguifang")
    Person.objects.all().delete()
    assert not PersonKey.objects.exists()
    assert "单**" not in found(here.li, "5678")
    User.objects.filter(pk=here.wang.pk).update(name="")
    assert not UserKey.objects.filter(row=here.wang.pk).exists()
    assert "网格员" not in found(here.li, "王淑琴")


def test_no_name_can_be_read_in_the_index(here: Town) -> None:
    keys = [*PersonKey.objects.values_list("key", flat=True), *UserKey.objects.values_list("key", flat=True)]
    assert keys
    assert all(set(key) <= set("0123456789abcdef") and len(key) == 24 for key in keys)


def test_organisations_and_numbers_of_posts(here: Town) -> None:
    Organisation.objects.create(name="安居物业公司", kind="property", place=here.community)
    Post.objects.filter(pk=here.worker_post.pk).update(telephone="0917-3210042")
    assert "安居物业公司" in found(here.li, "wuye")
    assert "安居物业公司" in found(here.guo, "ajwy")
    assert "王淑琴" in found(here.li, "0042")
    assert "没有找到" in found(here.li, "没这个人")


def test_strangers_find_no_page(here: Town) -> None:
    for user in (here.chen, here.stranger, here.wang):
        client = Client()
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, {"q": "王淑琴"}).status_code == 404
    assert Client().get(PAGE)["Location"].startswith("/sign-in/")


def test_the_number_of_statements_does_not_grow(here: Town) -> None:
    client = Client()
    client.force_login(here.li)
    counts = []
    for _round in range(2):
        counts.append(statements(client, PAGE, {"q": "单"}))
        for n in range(5):
            put_down_person(
                Household.objects.get(building=here.building), f"单{n}号", actor=None, now=timezone.now()
            )
    assert counts[0] == counts[1] <= 20


@pytest.mark.parametrize(
    "words", ["5号楼2单元", "五号楼二单元", "5-2-301", "5栋2单元301室", "柳巷家园5幢301室"]
)
def test_an_address_goes_down_to_the_door(here: Town, words: str) -> None:
    home = put_down_household(here.building, actor=None, now=timezone.now(), entrance="1", door="401")
    put_down_person(home, "金大伟", actor=None, now=timezone.now(), phone="13700001111")
    page = found(here.li, words)
    assert "单**" in page
    assert "金**" not in page


def test_whoever_is_called_just_so_comes_first(here: Town) -> None:
    home = put_down_household(here.building, actor=None, now=timezone.now(), entrance="1", door="101")
    for name in ("小王芳芳", "王芳芳", "王芳"):
        put_down_person(home, name, actor=None, now=timezone.now(), phone=f"1370000{len(name)}000")
    page = found(here.li, "王芳")
    assert page.index("137****2000") < page.index("137****3000") < page.index("137****4000")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("查良镛", "zhaliangyong"),
        ("仇和", "qiuhe"),
        ("尉迟恭", "ycg"),
        ("吕小布", "luxiaobu"),
        ("吕小布", "lvxiaobu"),
        ("谌龙", "shenlong"),
        ("谌龙", "chenlong"),
        ("欧阳翠萍", "翠萍"),
        ("买买提·艾力", "艾力"),
        ("Alice", "alice"),
    ],
)
def test_surnames_that_are_read_otherwise(here: Town, name: str, words: str) -> None:
    home = Household.objects.get(building=here.building)
    put_down_person(home, name, actor=None, now=timezone.now(), phone="13700001111")
    assert "137****1111" in found(here.li, words)
