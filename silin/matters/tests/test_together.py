"""Neighbours meet the same thing: "me too", following, one matter out of two, two out of one; at the door."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.files.actions import keep
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import Refused
from silin.matters.adopting import adopt
from silin.matters.bookkeeping import differences
from silin.matters.cells import count_cells
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.joining import follow, join
from silin.matters.merging import merge, relate, split, unmerge
from silin.matters.models import Category, Follower, Link, MapCell, Matter, Photo, State
from silin.matters.raising import Report, raise_matter
from silin.matters.similar import of_matter, similar
from silin.matters.tests.pages import make_town, picture, raised, signed_in
from silin.matters.triage import release
from silin.matters.verifying import close, reopen, withdraw
from silin.notices.models import Notice
from tests.town import MONDAY, Town, person

HOUR = timedelta(hours=1)
WORDS = "三楼楼道灯不亮，找陈阿姨 19900000002。"


@pytest.fixture
def now_town(db: None) -> Town:
    return make_town()


@pytest.fixture
def ma(now_town: Town) -> User:
    """The neighbour upstairs."""
    return person("马兰", phone="19900000007")


def released(town: Town, words: str = WORDS) -> Matter:
    """Chen's report, which Li has released."""
    return release(raised(town, words), By(town.li, timezone.now()))


def told(user: User) -> list[str]:
    return list(
        Notice.objects.filter(recipient=user, channel="inbox").order_by("pk").values_list("name", flat=True)
    )


def test_a_neighbour_met_it_too_and_hears_how_it_goes_on(now_town: Town, ma: User) -> None:
    matter, door = released(now_town), signed_in(ma)
    page = door.get(f"/near/{matter.number}/").text
    assert "三楼楼道灯不亮" in page
    assert 'role="alert"' not in page
    assert "陈桂兰" not in page
    assert "19900000002" not in page
    sent = {"do": "join", "client_id": str(uuid4()), "words": "四楼也是", "photos": picture()}
    assert door.post(f"/near/{matter.number}/", sent).status_code == 303
    matter.refresh_from_db()
    assert (matter.follows, matter.me_toos, matter.version) == (1, 1, 2)
    again = door.post(f"/near/{matter.number}/", {"do": "join", "client_id": str(uuid4())})
    assert (again.status_code, Follower.objects.count(), Photo.objects.count()) == (303, 1, 1)
    assert Fact.objects.filter(name="matter.joined").count() == 1
    done = accept(matter, By(now_town.wang, timezone.now(), version=2))  # a "me too" was no change to him
    answer(done, By(now_town.wang, timezone.now(), words="说清楚了"), outcome="advised")
    assert told(ma) == ["followed_accepted", "followed_answered"]
    assert f"/near/{matter.number}/" in door.get("/mine/").text


def test_only_those_who_work_on_it_read_what_a_neighbour_adds(now_town: Town, ma: User) -> None:
    matter, door = released(now_town), signed_in(ma)
    sent = {"do": "join", "client_id": str(uuid4()), "words": "四楼也是", "photos": picture()}
    door.post(f"/near/{matter.number}/", sent)
    photo = f"/m/{matter.number}/photos/{Photo.objects.get().pk}/"
    assert door.get(photo).status_code == 200
    for user, path in (
        (now_town.li, f"/desk/m/{matter.number}/"),
        (now_town.wang, f"/w/tasks/{matter.number}/"),
    ):
        page = signed_in(user).get(path).text
        assert "四楼也是" in page
        assert "马兰" not in page
        assert signed_in(user).get(photo).status_code == 200
    for other in (signed_in(now_town.chen), signed_in(now_town.stranger), Client()):
        assert other.get(photo).status_code == 404
    assert "四楼也是" not in signed_in(now_town.chen).get(f"/m/{matter.number}/").text
    assert str(Photo.objects.get().pk) not in signed_in(now_town.chen).get("/mine/").text
    assert "四楼也是" not in Client().get(f"/near/{matter.number}/").text


def test_what_is_not_released_is_nobody_elses(now_town: Town, ma: User) -> None:
    matter = raised(now_town)
    for door in (signed_in(ma), Client()):
        assert door.get(f"/near/{matter.number}/").status_code == 404
        for do in ("join", "follow"):
            sent = {"do": do, "client_id": str(uuid4())}
            assert door.post(f"/near/{matter.number}/", sent).status_code == 404
    assert Follower.objects.count() == 0


def test_what_is_said_later_is_added_and_nobody_counts_twice(now_town: Town, ma: User) -> None:
    matter, door = released(now_town), signed_in(ma)
    door.post(f"/near/{matter.number}/", {"do": "join", "client_id": str(uuid4())})
    told_later = {"do": "join", "client_id": str(uuid4()), "words": "四楼也是", "photos": picture()}
    door.post(f"/near/{matter.number}/", told_later)
    door.post(f"/near/{matter.number}/", told_later | {"photos": picture()})
    row = Follower.objects.get()
    assert (row.words, Photo.objects.count(), Fact.objects.filter(name="matter.joined").count()) == (
        "四楼也是",
        1,
        1,
    )
    file = Photo.objects.get().file
    door.post(f"/near/{matter.number}/", {"do": "unfollow"})
    assert (Follower.objects.count(), Photo.objects.count(), file.path().exists()) == (0, 0, False)
    door.post(f"/near/{matter.number}/", {"do": "join", "client_id": str(uuid4())})
    matter.refresh_from_db()
    assert (matter.me_toos, Fact.objects.filter(name="matter.joined").count()) == (1, 1)
    assert list(differences()) == []


def test_what_is_taken_back_is_nobodys_any_more(now_town: Town, ma: User) -> None:
    matter, door = released(now_town), signed_in(ma)
    door.post(f"/near/{matter.number}/", {"do": "follow"})
    withdraw(matter, By(now_town.chen, timezone.now()))
    count_cells(timezone.now())
    assert told(ma) == ["followed_closed"]
    assert "三楼楼道灯不亮" not in door.get(f"/near/{matter.number}/").text
    for path in ("/near/?at=&show=all", "/near/map/?at=", "/near/shapes.geojson?at=", "/open/"):
        assert matter.number not in Client().get(path).text, path
    assert MapCell.objects.count() == 0
    for path in (f"/near/{matter.number}/", f"/open/m/{matter.number}/"):
        assert Client().get(path).status_code == 404, path


def test_whoever_signs_in_is_counted_once(now_town: Town, ma: User) -> None:
    matter, guest = released(now_town), User.objects.guest()
    own = release(raised(now_town, "墙裂了"), By(now_town.li, timezone.now()))
    file = keep(picture())
    for each in (matter, own):
        join(each, By(guest, timezone.now(), words="我也遇到了"), photos=[file])
    follow(matter, ma, timezone.now())
    adopt(guest, ma, timezone.now())
    assert set(Photo.objects.values_list("by", flat=True)) == {ma.pk}
    matter.refresh_from_db()
    assert (matter.follows, matter.me_toos) == (1, 1)
    assert Follower.objects.get(matter=matter, user=ma).words == "我也遇到了"
    adopt(ma, now_town.chen, timezone.now())
    own.refresh_from_db()
    assert (own.follows, own.me_toos, own.followers.count()) == (0, 0, 0)


def test_what_a_guest_said_stays_when_the_account_had_said_something_too(now_town: Town, ma: User) -> None:
    matter, guest, now = released(now_town), User.objects.guest(), timezone.now()
    join(matter, By(ma, now - HOUR, words="我家门口也黑"))
    join(matter, By(guest, now, words="昨晚有人摔了"))
    adopt(guest, ma, now)
    matter.refresh_from_db()
    row = Follower.objects.get(matter=matter)
    assert (row.user, row.me_too, row.words) == (ma, True, "我家门口也黑\n昨晚有人摔了")
    assert (matter.follows, matter.me_toos) == (1, 1)


def test_following_and_no_more(now_town: Town) -> None:
    matter, door = released(now_town), Client()
    assert door.post(f"/near/{matter.number}/", {"do": "follow"}).status_code == 303
    matter.refresh_from_db()
    assert (matter.follows, matter.me_toos) == (1, 0)
    assert 'action="/sign-in/phone/"' in door.get(f"/near/{matter.number}/").text
    door.post(f"/near/{matter.number}/", {"do": "unfollow"})
    matter.refresh_from_db()
    assert (matter.follows, Follower.objects.count()) == (0, 0)


def test_the_likeliest_comes_first(town: Town) -> None:
    near = raise_matter(
        "report", By(town.chen, MONDAY), Report("楼道灯不亮", town.lamp, building=town.building)
    )
    bin_ = Category.objects.filter(parent=town.lamp.parent).exclude(pk=town.lamp.pk)[0]
    kin = raise_matter("report", By(town.chen, MONDAY), Report("灯罩碎了", bin_, building=town.building))
    raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.other_grid))
    far = Category.objects.exclude(parent=town.lamp.parent).exclude(parent=None)[0]
    raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", far, building=town.building))
    mine = raise_matter(
        "report", By(town.chen, MONDAY), Report("楼道灯坏了", town.lamp, building=town.building)
    )
    rows = Matter.objects.exclude(pk=mine.pk)
    assert [each.matter for each in similar(rows, of_matter(mine), MONDAY + HOUR)] == [near, kin]
    assert similar(rows, of_matter(mine), MONDAY + timedelta(weeks=13)) == []


def two(town: Town, ma: User) -> tuple[Matter, Matter]:
    """Chen's report, and Ma's of the same lamp."""
    first = raise_matter(
        "report", By(town.chen, MONDAY), Report("楼道灯不亮", town.lamp, building=town.building)
    )
    second = raise_matter("report", By(ma, MONDAY), Report("三楼灯坏了", town.lamp, building=town.building))
    return first, accept(second, By(town.wang, MONDAY + HOUR))


def test_two_are_one_and_can_be_two_again(town: Town) -> None:
    ma = person("马兰", phone="19900000007")
    first, second = two(town, ma)
    due = second.handle_due
    merged = merge(second, By(town.li, MONDAY + 2 * HOUR), into=first)
    first.refresh_from_db()
    assert (merged.state, merged.outcome, first.me_toos) == (State.CLOSED, "duplicate", 1)
    assert told(ma)[-1] == "matter_merged"
    accept(first, By(town.wang, MONDAY + 2 * HOUR))
    assert told(ma)[-1] == "followed_accepted"
    door = signed_in(ma)
    page = door.get(f"/near/{first.number}/").text
    assert "楼道灯不亮" not in page  # Chen's words are not released
    assert f"/near/{first.number}/" in door.get(f"/m/{second.number}/").text
    again = unmerge(merged, By(town.li, MONDAY + 3 * HOUR))
    first.refresh_from_db()
    assert (again.state, again.outcome, first.me_toos, first.follows) == (State.IN_HAND, "", 0, 0)
    assert due is not None
    assert again.handle_due == due + HOUR
    assert door.get(f"/near/{first.number}/").status_code == 404
    assert sum(Fact.objects.filter(name="matter.closed").values_list("n", flat=True)) == 0


def test_two_again_after_the_other_one_was_closed(town: Town) -> None:
    ma = person("马兰", phone="19900000007")
    first, second = two(town, ma)
    merged = merge(second, By(town.li, MONDAY + 2 * HOUR), into=first)
    page = signed_in(ma).get(f"/near/{first.number}/")
    close(first, By(town.li, MONDAY + 2 * HOUR, words="不用修"), outcome="advised")
    with pytest.raises(Refused, match="over"):
        merge(two(town, ma)[1], By(town.li, MONDAY + 2 * HOUR), into=first)
    again = unmerge(merged, By(town.li, MONDAY + 3 * HOUR))
    first.refresh_from_db()
    assert (page.status_code, again.state, first.state, first.follows) == (
        200,
        State.IN_HAND,
        State.CLOSED,
        0,
    )
    assert list(differences()) == []


def test_what_was_merged_is_opened_again_and_merged_again(town: Town) -> None:
    ma = person("马兰", phone="19900000007")
    first, second = two(town, ma)
    third = raise_matter("report", By(town.chen, MONDAY), Report("灯", town.lamp, building=town.building))
    merge(second, By(town.li, MONDAY + 2 * HOUR), into=first)
    assert "这次办得怎么样" not in signed_in(ma).get(f"/m/{second.number}/").text
    reopen(second, By(ma, MONDAY + 3 * HOUR, words="不是一回事"))
    first.refresh_from_db()
    assert (first.follows, first.me_toos, first.followers.count()) == (0, 0, 0)
    last = Entry.objects.filter(subject=first.subject).order_by("seq").last()
    assert last is not None
    assert (last.action, last.fields) == ("let_out", {"other": second.number})
    assert check(first.subject) == check(second.subject) == []
    assert f"/near/{first.number}/" not in signed_in(ma).get(f"/m/{second.number}/").text
    merge(second, By(town.li, MONDAY + 4 * HOUR), into=third)
    assert Link.objects.get(ended_at=None).other == third
    assert f"/near/{third.number}/" in signed_in(ma).get(f"/m/{second.number}/").text


def test_whoever_joined_by_themselves_stays_when_two_are_two_again(town: Town) -> None:
    ma, he = person("马兰", phone="19900000007"), person("何田")
    first, second = (release(each, By(town.li, MONDAY + HOUR)) for each in two(town, ma))
    follow(second, he, MONDAY + HOUR)
    merged = merge(second, By(town.li, MONDAY + 2 * HOUR), into=first)
    assert f"/near/{first.number}/" in Client().get(f"/near/{second.number}/").text
    join(first, By(he, MONDAY + 2 * HOUR, words="我家也是"))
    unmerge(merged, By(town.li, MONDAY + 3 * HOUR))
    first.refresh_from_db()
    assert [row.words for row in first.followers.all()] == ["我家也是"]
    assert (first.follows, first.me_toos) == (1, 1)


def test_one_report_that_names_two_things_is_two(town: Town) -> None:
    report = Report("楼道灯不亮，垃圾桶也满了", town.lamp, building=town.building, name_withheld=True)
    matter = raise_matter("report", By(town.chen, MONDAY), report)
    bins = Category.objects.exclude(parent=None).exclude(pk=town.lamp.pk)[0]
    split(matter, By(town.li, MONDAY + HOUR), part="垃圾桶也满了", category=bins)
    new = Link.objects.get(what="split").other
    assert (new.raiser, new.building, new.category, new.name_withheld) == (
        town.chen,
        town.building,
        bins,
        True,
    )
    assert new.state == State.ASSIGNED
    assert told(town.chen) == ["matter_split"]
    relate(matter, By(town.li, MONDAY + HOUR), other=new)
    relate(matter, By(town.li, MONDAY + HOUR), other=new, apart=True)
    assert Link.objects.filter(what="related", ended_at=None).count() == 0
