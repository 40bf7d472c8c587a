"""The roster on pages: a week is filled, copied, swapped and printed; the second clerk is told."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.people.actions import add_post, appoint
from silin.people.models import Post, Shift
from silin.people.rosters import fill_week, set_week, swap_days
from silin.people.times import Times, read_times, say_times
from silin.people.weeks import field_name, monday_of, read_week, seats_of
from tests.counting import statements
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build, person

NINE, FIVE = time(9), time(17)


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def next_monday() -> date:
    return monday_of(timezone.localdate()) + timedelta(days=7)


def second_desk(town: Town) -> Post:
    post = add_post("community_desk", town.community, actor=None, now=MONDAY, serial=2)
    appoint(post, person("夜班小吴"), actor=None, now=MONDAY)
    return post


def week_of(town: Town, monday: date) -> str:
    return f"/desk/rosters/{town.community.code}/?week={monday}"


def mark_on(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def own(post: Post, day: date) -> list[str]:
    rows = Shift.objects.filter(post=post, day=day).order_by("starts")
    return [f"{each.starts:%H:%M}-{each.ends:%H:%M}" if each.starts and each.ends else "" for each in rows]


@given(st.sets(st.integers(0, 23), min_size=2, max_size=6), st.integers(0, 59))
def test_what_is_said_is_read_again(hours: set[int], minute: int) -> None:
    at = sorted(hours)
    times = tuple((time(begins), time(ends, minute)) for begins, ends in zip(at[::2], at[1::2], strict=False))
    assert read_times(say_times(times)) == times


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("", None),
        (" 休 ", ()),
        ("8-17", ((time(8), time(17)),)),
        ("８：３０－１７：３０", ((time(8, 30), time(17, 30)),)),
        ("830至1200、1400到1730", ((time(8, 30), time(12)), (time(14), time(17, 30)))),
        ("17:30—24:00", ((time(17, 30), time(0)),)),
    ],
)
def test_times_as_clerks_write_them(said: str, times: Times | None) -> None:
    assert read_times(said) == times


@pytest.mark.parametrize("said", ["上午", "8:30", "25-26", "8:30-17:30 早", "8-12 11-17", "9-9"])
def test_what_is_no_time_is_said(said: str) -> None:
    with pytest.raises(Refused, match="bad_times"):
        read_times(said)


def test_a_week_is_filled_and_wrong_times_stay_as_typed(here: Town) -> None:
    li, monday = signed_in(here.li), next_monday()
    set_week(here.desk_post, range(5), NINE, FIVE, actor=here.zhou, now=timezone.now())
    page = li.get(week_of(here, monday)).content.decode()
    assert "每周 9:00-17:00" in page
    days = [field_name(here.desk_post.pk, monday + timedelta(days=n)) for n in range(7)]
    sent = {"seen": mark_on(page), days[0]: "8:30-12:00 14:00-17:30", days[1]: "休", days[2]: "上午"}
    answer = li.post(week_of(here, monday), sent)
    assert answer.status_code == 400
    again = answer.content.decode()
    assert "“上午”不是时间" in again
    assert 'value="8:30-12:00 14:00-17:30"' in again
    assert not Shift.objects.filter(day__isnull=False).exists()
    assert li.post(week_of(here, monday), {**sent, days[2]: ""}).status_code == 303
    assert own(here.desk_post, monday) == ["08:30-12:00", "14:00-17:30"]
    assert own(here.desk_post, monday + timedelta(days=1)) == [""]
    assert Entry.objects.filter(subject=here.desk_post.subject, action="set_days").count() == 1


def test_the_week_before_is_copied_but_not_saved(here: Town) -> None:
    li, monday = signed_in(here.li), next_monday()
    page = li.get(week_of(here, monday)).content.decode()
    name = field_name(here.desk_post.pk, monday)
    li.post(week_of(here, monday), {"seen": mark_on(page), name: "8:00-20:00"})
    after = monday + timedelta(days=7)
    page = li.get(week_of(here, after) + "&copy=1").content.decode()
    assert 'value="8:00-20:00"' in page
    assert "还没有保存" in page
    assert Shift.objects.filter(day__isnull=False).count() == 1


def test_the_second_clerk_is_told_and_loses_nothing(here: Town) -> None:
    li, guo, monday = signed_in(here.li), signed_in(here.guo), next_monday()
    seen = mark_on(li.get(week_of(here, monday)).content.decode())
    name = field_name(here.desk_post.pk, monday)
    assert li.post(week_of(here, monday), {"seen": seen, name: "8:00-12:00"}).status_code == 303
    answer = guo.post(week_of(here, monday), {"seen": seen, name: "10:00-16:00"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="10:00-16:00"' in page
    assert "现在存的是 8:00-12:00" in page
    assert own(here.desk_post, monday) == ["08:00-12:00"]
    assert guo.post(week_of(here, monday), {"seen": mark_on(page), name: "10:00-16:00"}).status_code == 303
    assert own(here.desk_post, monday) == ["10:00-16:00"]


def test_two_people_swap_and_swap_back(here: Town) -> None:
    night, monday = second_desk(here), next_monday()
    set_week(here.desk_post, range(7), NINE, FIVE, actor=here.zhou, now=timezone.now())
    set_week(night, range(7), FIVE, NINE, actor=here.zhou, now=timezone.now())
    li = signed_in(here.li)
    sent = {"do": "swap", "one": str(here.desk_post.pk), "other": str(night.pk), "day": str(monday)}
    assert li.post(week_of(here, monday), {**sent, "other": sent["one"]}).status_code == 400
    assert li.post(week_of(here, monday), sent).status_code == 303
    assert (own(here.desk_post, monday), own(night, monday)) == (["17:00-09:00"], ["09:00-17:00"])
    assert li.post(week_of(here, monday), sent).status_code == 303
    assert (own(here.desk_post, monday), own(night, monday)) == (["09:00-17:00"], ["17:00-09:00"])


def test_who_always_is_there_has_nothing_to_swap(here: Town) -> None:
    night = second_desk(here)
    with pytest.raises(Refused, match="no_roster"):
        swap_days(here.desk_post, night, [next_monday()], actor=here.li, now=timezone.now())


def test_every_week_of_a_seat(here: Town) -> None:
    li, page = signed_in(here.li), f"/desk/post/{here.desk_post.pk}/week/"
    seen = mark_on(li.get(page).content.decode())
    sent = {"weekdays": ["0", "1"], "times": "9-17", "seen": seen}
    assert li.post(page, {**sent, "times": "早上"}).status_code == 400
    assert li.post(page, {**sent, "since": "2020-01-01"}).status_code == 400
    assert li.post(page, sent).status_code == 303
    assert Shift.objects.filter(post=here.desk_post, day=None).count() == 2
    assert li.post(page, sent).status_code == 409
    seen = mark_on(li.get(page).content.decode())
    assert li.post(page, {"seen": seen}).status_code == 303
    assert "一直在岗" in li.get(page).content.decode()


def test_the_sheet_and_the_phone_say_the_same(here: Town) -> None:
    set_week(here.desk_post, range(7), time(0), time(23, 59), actor=here.zhou, now=timezone.now())
    sheet = signed_in(here.li).get(f"/desk/rosters/{here.community.code}/sheet/").content.decode()
    assert "李建民" in sheet
    assert "0:00-23:59" in sheet
    phone = signed_in(here.wang).get("/w/roster/").content.decode()
    assert "李建民" in phone.partition("现在谁在岗")[2].partition("</section>")[0]
    assert phone.count("0:00-23:59") == 7


def test_a_roster_of_an_organisation_and_with_the_grids(here: Town) -> None:
    li, place = signed_in(here.li), f"/desk/rosters/{here.community.code}/"
    assert "王淑琴" not in li.get(place).content.decode()
    assert "王淑琴" in li.get(place + "?grids=1").content.decode()
    for wrong in ("?organisation=x", f"?organisation={here.desk_post.pk}", "?week=neulich"):
        assert li.get(place + wrong).status_code == 404


def test_who_may_look_and_who_may_fill(here: Town) -> None:
    pages = [f"/desk/rosters/{here.community.code}/", f"/desk/post/{here.desk_post.pk}/week/"]
    for user, looks in ((here.li, 200), (here.leader, 404), (here.wang, 404), (here.stranger, 404)):
        for page in (*pages, pages[0] + "sheet/"):
            assert signed_in(user).get(page).status_code == looks
    own_seat = f"/desk/post/{here.worker_post.pk}/week/"
    assert signed_in(here.leader).get(own_seat).status_code == 200
    assert signed_in(here.leader).post(own_seat, {"weekdays": "1", "times": "9-17"}).status_code == 403
    for page in ("/w/roster/", "/desk/rosters/"):
        assert signed_in(here.stranger).get(page).status_code == 404


def test_two_clerks_fill_one_week_at_once(live_db: str) -> None:
    town, monday = build(), next_monday()
    seats = seats_of(town.community)
    now = timezone.now()

    def mark() -> str:
        return read_week(seats, monday, now).mark

    seen = mark()
    fills = [{(town.desk_post.pk, monday): read_times(said)} for said in ("8-12", "13-17", "休")]
    done = at_once(
        [
            partial(fill_week, [town.desk_post], each, mark, seen=seen, actor=town.li, now=now)
            for each in fills
        ]
    )
    assert sum(isinstance(each, Refused) for each in done) == 2
    assert Shift.objects.filter(day=monday).count() == 1


def test_the_pages_keep_their_budget(here: Town) -> None:
    li, counts = signed_in(here.li), []
    for n in (2, 3):
        post = add_post("community_desk", here.community, actor=None, now=MONDAY, serial=n)
        appoint(post, person(f"值班{n}"), actor=None, now=MONDAY)
        set_week(post, range(7), NINE, FIVE, actor=here.zhou, now=timezone.now())
        place = f"/desk/rosters/{here.community.code}/"
        wang = signed_in(here.wang)
        counts.append(
            [statements(li, place), statements(li, place + "sheet/"), statements(wang, "/w/roster/")]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14, counts
