"""Posts are given and ended from pages; what is missing is found on one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from silin.people.models import Holding, Post
from silin.people.queries import holders
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(post: Post) -> str:
    return f"/desk/post/{post.pk}/"


def seen_on(client: Client, post: Post) -> str:
    page = client.get(page_of(post)).content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]


def give(client: Client, post: Post, **typed: str) -> tuple[int, str]:
    typed.setdefault("seen", seen_on(client, post))
    answer = client.post(page_of(post), {"do": "appoint", **typed})
    return answer.status_code, answer.content.decode()


def test_a_new_person_gets_an_account_a_message_and_the_post(here: Town) -> None:
    zhou = signed_in(here.zhou)
    status, page = give(zhou, here.worker_post, who="19912345678")
    assert status == 400
    assert "还没有账号" in page
    assert 'value="19912345678"' in page
    assert not User.objects.by_phone("19912345678")
    assert give(zhou, here.worker_post, who="199 1234 5678", name="新来的小孟")[0] == 303
    meng = User.objects.by_phone("19912345678")
    assert meng is not None
    assert holders(here.worker_post, timezone.now()) == [meng]
    assert {notice.name for notice in Notice.objects.filter(recipient=meng)} == {"invited", "post_given"}
    page = zhou.get(page_of(here.worker_post)).content.decode()
    assert "新来的小孟" in page
    assert "王淑琴" in page.partition("以前谁在岗")[2]


def test_a_refused_appointment_leaves_no_account(here: Town) -> None:
    status, page = give(
        signed_in(here.zhou), here.worker_post, who="19912345678", name="小孟", until="2020-01-01"
    )
    assert (status, "最后一天早于第一天" in page) == (400, True)
    assert not User.objects.by_phone("19912345678")


def test_a_colleague_by_name_stands_in(here: Town) -> None:
    zhou = signed_in(here.zhou)
    until = timezone.localdate() + timedelta(days=9)
    assert give(zhou, here.worker_post, who="高建设", stand_in="on", until=str(until))[0] == 303
    assert holders(here.worker_post, timezone.now()) == [here.wang, here.leader]
    assert "没有这个人" in give(zhou, here.worker_post, who="陈桂兰")[1]
    appoint(
        add_post("community_staff", here.community, actor=None, now=MONDAY),
        person("高建设"),
        actor=None,
        now=MONDAY,
    )
    assert "几个同名的人" in give(zhou, here.worker_post, who="高建设")[1]


def test_whoever_looked_before_somebody_else_gave_it_is_told(here: Town) -> None:
    zhou = signed_in(here.zhou)
    old = seen_on(zhou, here.worker_post)
    assert give(zhou, here.worker_post, who="高建设")[0] == 303
    status, page = give(zhou, here.worker_post, who="李建民", seen=old)
    assert status == 409
    assert "换了人" in page
    assert 'value="李建民"' in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert give(zhou, here.worker_post, who="李建民", seen=seen)[0] == 303


def test_ending_and_doing_away_with_a_post(here: Town) -> None:
    zhou, page = signed_in(here.zhou), page_of(here.worker_post)
    held = Holding.objects.get(post=here.worker_post)
    assert zhou.post(page, {"do": "close"}).status_code == 400
    assert zhou.post(page, {"do": "end", "holding": str(held.pk)}).status_code == 303
    assert holders(here.worker_post, timezone.now()) == []
    assert zhou.post(page, {"do": "close"}).status_code == 303
    assert "撤岗日期" in zhou.get(page).content.decode()
    assert page not in zhou.get(f"/desk/posts/{here.grid.code}/").content.decode()
    for wrong in ("", "x", str(here.worker_post.pk)):
        assert zhou.post(page, {"do": "end", "holding": wrong}).status_code == 404


def test_who_may_look_and_who_may_give(here: Town) -> None:
    page = page_of(here.worker_post)
    for user, looks, gives in ((here.li, 200, 403), (here.leader, 200, 403), (here.wang, 404, 404)):
        assert signed_in(user).get(page).status_code == looks
        assert signed_in(user).post(page, {"do": "appoint", "who": "高建设"}).status_code == gives
        assert "安排上岗" not in signed_in(user).get(page).content.decode()
    for user in (here.chen, here.stranger):
        assert signed_in(user).get(page).status_code == 404
    assert signed_in(here.leader).get(page_of(here.desk_post)).status_code == 404


def test_what_is_missing(here: Town) -> None:
    li = signed_in(here.li)
    page = li.get(f"/desk/posts/{here.community.code}/gaps/").content.decode()
    assert "没有网格员的网格" in page
    assert "第二网格" in page.partition("没有网格员的网格")[2].partition("</ul>")[0]
    assert "第一网格" not in page.partition("没有网格员的网格")[2].partition("</ul>")[0]
    assert "柳巷家园 5 号楼" in page.partition("没有楼栋长的楼")[2]
    assert "三十天内到期" not in page
    Holding.objects.filter(user=here.wang).update(valid_until=timezone.localdate() + timedelta(days=5))
    page = li.get(f"/desk/posts/{here.community.code}/gaps/").content.decode()
    assert "王淑琴" in page.partition("三十天内到期")[2]
    assert signed_in(here.wang).get(f"/desk/posts/{here.grid.code}/gaps/").status_code == 404


def test_the_pages_keep_their_budget(here: Town) -> None:
    zhou = signed_in(here.zhou)
    for page, most in ((page_of(here.worker_post), 9), (f"/desk/posts/{here.city.code}/gaps/", 10)):
        zhou.get(page)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            zhou.get(page)
        assert len(seen) <= most, [each["sql"][:90] for each in seen]


def test_a_seat_is_set_up_where_one_is_missing(here: Town) -> None:
    zhou = signed_in(here.zhou)
    gaps = zhou.get(f"/desk/posts/{here.community.code}/gaps/").content.decode()
    assert f"?kind=building_head&amp;building={here.building.pk}" in gaps
    door = f"/desk/posts/{here.grid.code}/new/?kind=building_head&building={here.building.pk}"
    page = zhou.get(door).content.decode()
    assert '<option value="building_head" selected>' in page
    key = page.partition('name="key" value="')[2].partition('"')[0]
    sent = {"kind": "building_head", "place": str(here.grid.pk), "building": str(here.building.pk)}
    assert zhou.post(door, {**sent, "kind": "city_admin", "key": key}).status_code == 400
    answers = [zhou.post(door, {**sent, "key": key, "telephone": "0917-3330000"}) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/desk/post/{key}/"}
    head = Post.objects.get(pk=key)
    assert (head.place, head.building, head.serial) == (here.grid, here.building, 1)
    assert add_post("building_head", here.grid, actor=None, now=MONDAY, serial=None, building=here.building)
    assert page_of(head) in zhou.get(f"/desk/posts/{here.community.code}/gaps/").content.decode()


def test_nobody_sets_up_a_higher_post_in_a_building_of_theirs(here: Town) -> None:
    with pytest.raises(Refused, match="bad_post"):
        add_post("system_admin", here.grid, actor=None, now=MONDAY, building=here.building)


def test_changing_how_a_seat_is_reached(here: Town) -> None:
    zhou, page = signed_in(here.zhou), page_of(here.desk_post)
    seen = " "
    assert zhou.post(page, {"do": "change", "telephone": "0917-1", "seen": seen}).status_code == 303
    answer = zhou.post(page, {"do": "change", "telephone": "0917-2", "seen": seen})
    assert answer.status_code == 409
    assert 'value="0917-2"' in answer.content.decode()
    assert Post.objects.get(pk=here.desk_post.pk).telephone == "0917-1"


def test_an_end_on_a_later_day_and_taking_it_back(here: Town) -> None:
    zhou, page = signed_in(here.zhou), page_of(here.worker_post)
    held, later = Holding.objects.get(post=here.worker_post), timezone.localdate() + timedelta(days=9)
    for wrong in ("2020-01-01", "neulich"):
        answer = zhou.post(page, {"do": "end", "holding": str(held.pk), "on": wrong})
        assert answer.status_code == 400
    assert zhou.post(page, {"do": "end", "holding": str(held.pk), "on": str(later)}).status_code == 303
    assert holders(here.worker_post, timezone.now()) == [here.wang]
    assert "不离岗了" in zhou.get(page).content.decode()
    assert zhou.post(page, {"do": "take_back", "holding": str(held.pk)}).status_code == 303
    held.refresh_from_db()
    assert held.valid_until is None
    zhou.post(page, {"do": "end", "holding": str(held.pk)})
    assert holders(here.worker_post, timezone.now()) == []
    assert zhou.post(page, {"do": "take_back", "holding": str(held.pk)}).status_code == 303
    assert holders(here.worker_post, timezone.now()) == [here.wang]
    zhou.post(page, {"do": "end", "holding": str(held.pk)})
    assert give(zhou, here.worker_post, who="高建设")[0] == 303
    assert zhou.post(page, {"do": "take_back", "holding": str(held.pk)}).status_code == 400


def test_doing_away_with_a_seat_is_undone(here: Town) -> None:
    zhou, page = signed_in(here.zhou), page_of(here.worker_post)
    zhou.post(page, {"do": "end", "holding": str(Holding.objects.get(post=here.worker_post).pk)})
    zhou.post(page, {"do": "close"})
    assert zhou.post(page, {"do": "reopen"}).status_code == 303
    assert "撤岗日期" not in zhou.get(page).content.decode()


def test_two_clerks_set_up_the_same_seat_at_once(live_db: str) -> None:
    town = build()
    made = at_once(
        [
            lambda: add_post("grid_extender", town.grid, actor=town.zhou, now=MONDAY, serial=None)
            for _ in range(4)
        ]
    )
    assert sorted(each.serial for each in made) == [1, 2, 3, 4]


def test_the_page_of_the_three(here: Town) -> None:
    zhou = signed_in(here.zhou)
    assert zhou.get("/desk/administrators/").content.decode().count("还没设岗") == 3
    answer = zhou.post("/desk/administrators/", {"kind": "auditor"})
    assert answer["Location"] == page_of(Post.objects.get(kind="auditor"))
    assert zhou.post("/desk/administrators/", {"kind": "grid_worker"}).status_code == 404
    li = signed_in(here.li)
    assert li.get("/desk/administrators/").status_code == 200
    assert li.post("/desk/administrators/", {"kind": "system_admin"}).status_code == 403
    assert signed_in(here.stranger).get("/desk/administrators/").status_code == 404
