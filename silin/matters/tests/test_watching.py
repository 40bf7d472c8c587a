"""The watch list: Guo keeps Chen's lamp in sight, by colour and place, until he takes it off again."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.deeds import By
from silin.matters.models import Colour, Matter, State, WatchEntry
from silin.matters.tests import pages
from silin.matters.tests.pages import sent, signed_in
from silin.matters.tests.test_standing import seat
from silin.matters.verifying import withdraw
from silin.matters.watching import put_on, take_off
from silin.notices.models import Notice
from tests.counting import statements
from tests.town import Town

HOUR = timedelta(hours=1)
WHY = "老人多，晚上摔过两次"


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


def watched(
    town: Town, words: str = "三楼楼道灯不亮。", *, reason: str = "danger", by: str = "guo"
) -> Matter:
    who = By(getattr(town, by), timezone.now(), words=WHY)
    return put_on(pages.raised(town, words), who, reason=reason)


def test_guo_puts_it_on_with_a_reason_and_wang_hears(here: Town) -> None:
    matter = pages.raised(here)
    browser = signed_in(here.guo)
    there = f"/desk/m/{matter.number}/"
    told = browser.post(there, sent(matter, "put_on", reason="danger", words=""))
    assert told.status_code == 400
    assert browser.post(there, sent(matter, "put_on", reason="danger", words=WHY)).status_code == 303
    entry = WatchEntry.objects.get()
    assert (entry.post.kind_id, entry.reason, entry.words, entry.by) == (
        "street_duty",
        "danger",
        WHY,
        here.guo,
    )
    assert Notice.objects.filter(recipient=here.wang, name="matter_watched").count() == 1
    assert not Notice.objects.filter(recipient=here.chen, name="matter_watched").exists()
    for page in (there, "/desk/", f"/desk/watch/{here.street.code}/"):
        assert "重点关注" in browser.get(page).text
    assert WHY in signed_in(here.wang).get(f"/w/tasks/{matter.number}/").text
    mine = signed_in(here.chen).get(f"/m/{matter.number}/").text
    assert WHY not in mine
    assert "重点关注" not in mine


def test_a_clerk_with_the_page_open_is_not_made_to_look_again(here: Town) -> None:
    matter = pages.raised(here)
    put_on(matter, By(here.guo, timezone.now(), words=WHY), reason="many")
    word = sent(matter, "comment", words="电工明天来")
    assert signed_in(here.li).post(f"/desk/m/{matter.number}/", word).status_code == 303


@pytest.mark.parametrize(
    ("who", "refused"), [("chen", NotAllowed), ("wang", NotAllowed), ("stranger", NotFound)]
)
def test_who_may_not_put_it_on(who: str, refused: type[Refused], here: Town) -> None:
    with pytest.raises(refused):
        put_on(pages.raised(here), By(getattr(here, who), timezone.now(), words=WHY), reason="many")
    assert not WatchEntry.objects.exists()


def test_an_official_who_reads_there_may_and_one_who_only_counts_may_not(here: Town) -> None:
    matter = pages.raised(here)
    counts, leads = (
        seat(here, "county_liaison", "county", "何联络"),
        seat(here, "contact_leader", "community", "方"),
    )
    with pytest.raises(NotFound):
        put_on(matter, By(counts, timezone.now(), words=WHY), reason="many")
    put_on(matter, By(leads, timezone.now(), words=WHY), reason="many")
    with pytest.raises(NotAllowed):  # the community's desk is not above the leader who put it on
        take_off(matter, By(here.li, timezone.now(), words="好了"))
    take_off(matter, By(here.guo, timezone.now(), words="镇街接过去盯"))
    assert Matter.objects.get().watched_by is None


def test_it_stays_in_sight_when_it_is_closed_and_is_taken_off_with_a_reason(here: Town) -> None:
    matter = watched(here)
    Matter.objects.filter(pk=matter.pk).update(state=State.CLOSED, closed_at=timezone.now(), outcome="fixed")
    browser = signed_in(here.guo)
    there = f"/desk/watch/{here.street.code}/?colour=over"
    assert matter.title in browser.get(there).text
    matter.refresh_from_db()
    off = sent(matter, "take_off", words="回头看过，亮着")
    assert browser.post(f"/desk/m/{matter.number}/", off).status_code == 303
    entry = WatchEntry.objects.get()
    assert (entry.ended_by, entry.ended_words) == (here.guo, "回头看过，亮着")
    assert matter.title not in browser.get(there).text
    lines = Entry.objects.filter(subject=matter.subject, action__in=("put_on", "take_off"))
    assert [line.fields for line in lines.order_by("seq")] == [{"reason": "danger"}, {}]


def test_what_chen_takes_back_leaves_the_list(here: Town) -> None:
    matter = withdraw(watched(here), By(here.chen, timezone.now()))
    entry = WatchEntry.objects.get()
    assert (matter.watched_by, entry.ended_by, entry.ended_at) == (None, None, matter.closed_at)


@pytest.mark.parametrize(
    ("reason", "words", "code"),
    [("whim", WHY, "bad_reason"), ("many", "长" * 201, "too_long"), ("many", " ", "missing")],
)
def test_what_is_wrong_is_said(reason: str, words: str, code: str, here: Town) -> None:
    with pytest.raises(Refused, match=code):
        put_on(pages.raised(here), By(here.guo, timezone.now(), words=words), reason=reason)
    assert not WatchEntry.objects.exists()


def test_by_colour_and_place_and_as_a_spreadsheet(here: Town) -> None:
    late, now = watched(here, "垃圾没人清", reason="stuck"), timezone.now()
    watched(here, "=1+1 灯不亮")
    Matter.objects.filter(pk=late.pk).update(handle_due=now - HOUR, colour=Colour.LATE)
    browser, there = signed_in(here.guo), f"/desk/watch/{here.street.code}/"
    page = browser.get(there).text
    assert f"/desk/watch/{here.community.code}/?colour=late" in page
    for query, titles in (
        ("?colour=late", ["垃圾没人清"]),
        ("?colour=ok", ["=1+1 灯不亮"]),
        ("?reason=stuck", ["垃圾没人清"]),
        ("?colour=ok&reason=stuck", []),
        ("", ["=1+1 灯不亮", "垃圾没人清"]),
    ):
        found = browser.get(there + query).text
        assert [title for title in ("=1+1 灯不亮", "垃圾没人清") if title in found] == titles
        answer = b"".join(browser.get(f"{there}list.csv{query}"))
        lines = list(csv.reader(io.StringIO(answer.decode("utf-8-sig"))))
        assert [line[1].removeprefix("'") for line in lines[1:]] == titles
        book = load_workbook(io.BytesIO(browser.get(f"{there}list.xlsx{query}").content))
        assert [row[1].value for row in list(book.active.rows)[1:]] == titles
        assert all(row[1].data_type == "s" for row in list(book.active.rows)[1:])
    assert browser.get(f"{there}?colour=blue").status_code == 404
    assert browser.get(f"{there}list.pdf").status_code == 404


def test_a_long_list_is_paged_and_costs_the_same(here: Town) -> None:
    browser, there = signed_in(here.guo), f"/desk/watch/{here.street.code}/"
    watched(here)
    few = statements(browser, there)
    for n in range(51):
        watched(here, f"第{n}盏灯不亮")
    assert statements(browser, there) == few
    page = browser.get(there)
    assert page.text.count("data-row") == 50
    assert "第0盏灯不亮" not in page.text
    assert browser.get(there + "?after=" + page.context["page"].next).text.count("data-row") == 2


def test_strangers_and_other_places_learn_nothing(here: Town, client: Client) -> None:
    watched(here)
    there = f"/desk/watch/{here.street.code}/"
    for user in (here.stranger, here.chen, here.wang, here.li):
        browser = signed_in(user)
        for page in (there, f"{there}list.csv", f"{there}list.xlsx"):
            assert browser.get(page).status_code == 404
    counts = signed_in(seat(here, "county_liaison", "county", "何联络"))
    assert WHY not in counts.get(there).text
    assert client.get(there).status_code == 302
