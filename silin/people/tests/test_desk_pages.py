"""Who holds which post: the desk's own territory, with the posts that nobody holds."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.people.actions import add_post, appoint, end
from silin.people.models import Holding
from tests.counting import statements
from tests.town import Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posts_of(here: Town) -> str:
    return f"/desk/posts/{here.community.code}/"


def test_the_own_place_comes_first(here: Town) -> None:
    assert signed_in(here.li).get("/desk/posts/")["Location"] == posts_of(here)


def test_who_is_on_what_post(here: Town) -> None:
    page = signed_in(here.li).get(posts_of(here)).content.decode()
    for words in ("网格员", "王淑琴", "网格长", "高建设", "社区值班", "李建民", "2026年10月19日"):
        assert words in page
    assert "3 个岗位，3 个有人" in page
    assert "郭晓峰" not in page


def test_vacant_posts_are_counted_and_found(here: Town) -> None:
    end(Holding.objects.get(user=here.wang), actor=None, now=timezone.now())
    client = signed_in(here.li)
    page = client.get(posts_of(here)).content.decode()
    assert "3 个岗位，2 个有人" in page
    assert "空缺</span>" in page
    vacant = client.get(posts_of(here) + "?vacant=1").content.decode()
    assert "网格员" in vacant
    assert "高建设" not in vacant
    assert "这里没有空缺" in client.get(posts_of(here) + "?kind=grid_leader&vacant=1").content.decode()


def test_one_kind_at_a_time(here: Town) -> None:
    page = signed_in(here.li).get(posts_of(here) + "?kind=grid_leader").content.decode()
    assert "高建设" in page
    assert "王淑琴" not in page


def test_whoever_stands_in_is_named_as_such(here: Town) -> None:
    appoint(here.worker_post, person("代班的人"), actor=None, now=timezone.now(), stand_in=True)
    page = signed_in(here.li).get(posts_of(here)).content.decode()
    assert "代班的人" in page
    assert "代班</span>" in page


def test_a_long_list_goes_on_by_key(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("silin.people.desk.SIZE", 2)
    client = signed_in(here.li)
    first = client.get(posts_of(here)).content.decode()
    after = first.partition("after=")[2].partition('"')[0]
    second = client.get(posts_of(here) + f"?after={after}").content.decode()
    assert "王淑琴" not in first
    assert "王淑琴" in second


def test_only_the_own_territory(here: Town) -> None:
    pages = [
        f"/desk/posts/{place.code}/"
        for place in (here.city, here.street, here.community, here.grid, here.other)
    ]
    seen = {
        here.li: [404, 404, 200, 200, 404],
        here.leader: [404, 404, 404, 200, 404],
        here.guo: [404, 200, 200, 200, 200],
        here.zhou: [200] * 5,
        here.wang: [404] * 5,
        here.chen: [404] * 5,
        here.stranger: [404] * 5,
    }
    for user, expected in seen.items():
        assert [signed_in(user).get(page).status_code for page in pages] == expected, user
    assert Client().get(pages[2])["Location"].startswith("/sign-in/?next=")
    assert signed_in(here.zhou).get("/desk/posts/999/").status_code == 404


def test_a_place_without_posts_says_so(here: Town) -> None:
    page = signed_in(here.zhou).get(f"/desk/posts/{here.other.code}/").content.decode()
    assert "这里还没设岗位" in page


def test_the_page_keeps_its_budget(here: Town) -> None:
    client = signed_in(here.li)
    few = statements(client, posts_of(here))
    assert few <= 8
    add_post("community_staff", here.community, actor=None, now=timezone.now())
    assert statements(client, posts_of(here)) == few
