"""The level above: time asked for and given, putting off, urging, slips of supervision, looking again."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.lib.refusal import Refused
from silin.matters import clock
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, ask, contact, pause, reply
from silin.matters.jobs import escalate, turn
from silin.matters.models import Colour, Matter, State, Supervision, TimeRequest
from silin.matters.oversight import decline, defer, extend, lift, look_back, supervise, urge
from silin.matters.raising import Report, raise_matter
from silin.matters.tests import pages
from silin.matters.verifying import verify
from silin.notices.models import Notice
from silin.places.queries import calendar
from tests.town import MONDAY, ZONE, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY, FRIDAY, SATURDAY = date(2026, 10, 22), date(2026, 10, 23), date(2026, 10, 24)


def raised(town: Town) -> Matter:
    """Chen's lamp, with Wang until Thursday at nine."""
    return raise_matter("tiny", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))


def in_hand(town: Town) -> Matter:
    return accept(raised(town), By(town.wang, MONDAY + HOUR))


def closed(town: Town) -> Matter:
    done = answer(in_hand(town), By(town.wang, MONDAY + 2 * HOUR, words="换好了"))
    return verify(done, By(town.chen, MONDAY + 3 * HOUR))


def counted(matter: Matter) -> Counter[str]:
    return Counter(Fact.objects.filter(subject=matter.subject).values_list("name", flat=True))


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, channel="inbox").values_list("name", flat=True))


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=ZONE)


def test_the_first_call_counts_by_its_own_clock(town: Town) -> None:
    matter = in_hand(town)
    matter = contact(matter, By(town.wang, MONDAY + HOUR, words="没人接"), how="phone", reached=False)
    contact(matter, By(town.wang, MONDAY + 5 * HOUR, words="说好下午去"), how="visit", reached=True)
    fact = Fact.objects.get(subject=matter.subject, name="matter.contacted")
    assert (fact.on_time, fact.hours) == (True, 1.0)


def test_a_late_first_call_is_late(town: Town) -> None:
    matter = contact(in_hand(town), By(town.wang, MONDAY + DAY, words="联系上了"), how="phone", reached=True)
    assert Fact.objects.get(subject=matter.subject, name="matter.contacted").on_time is False


def test_wang_asks_and_li_gives_time(town: Town) -> None:
    matter = ask(in_hand(town), By(town.wang, MONDAY + HOUR, words="配件周五到"), what="extend", until=FRIDAY)
    assert "matter_asked" in told(town.li)
    with pytest.raises(Refused, match="asked"):
        ask(matter, By(town.wang, MONDAY + HOUR, words="再问一次"), what="extend", until=FRIDAY)
    matter = extend(matter, By(town.li, MONDAY + 2 * HOUR, words="等配件"), until=FRIDAY)
    assert matter.handle_due == evening(FRIDAY)
    assert (matter.asked, matter.next_due) == ("", matter.warn_due)
    assert TimeRequest.objects.get().granted is True
    assert {"matter_extended"} <= set(told(town.wang)) & set(told(town.chen))


@pytest.mark.parametrize(
    ("until", "code"),
    [(SATURDAY, "day_off"), (date(2026, 10, 21), "too_early"), (date(2026, 10, 30), "too_late")],
)
def test_time_within_limits(town: Town, until: date, code: str) -> None:
    matter = in_hand(town)
    with pytest.raises(Refused, match=code):
        extend(matter, By(town.li, MONDAY + 2 * HOUR, words="试试"), until=until)
    assert Matter.objects.get(pk=matter.pk).handle_due == matter.handle_due


def test_late_stays_late(town: Town) -> None:
    matter = in_hand(town)
    with pytest.raises(Refused, match="late"):
        extend(matter, By(town.li, MONDAY + 4 * DAY, words="补一个"), until=date(2026, 10, 26))


def test_yellow_turns_green_with_more_time(town: Town) -> None:
    matter = in_hand(town)
    assert matter.warn_due is not None
    turn(matter.warn_due + HOUR)
    matter.refresh_from_db()
    assert matter.colour == Colour.WARN
    matter = extend(matter, By(town.li, matter.warn_due + 2 * HOUR, words="等配件"), until=FRIDAY)
    assert matter.colour == Colour.OK


def test_li_declines_and_the_time_stays(town: Town) -> None:
    asked = ask(in_hand(town), By(town.wang, MONDAY + HOUR, words="想晚点"), what="extend", until=FRIDAY)
    matter = decline(asked, By(town.li, MONDAY + 2 * HOUR, words="当天能办"))
    assert (matter.asked, matter.handle_due) == ("", asked.handle_due)
    assert TimeRequest.objects.get().granted is False
    assert "matter_declined" in told(town.wang)


def test_a_request_lapses_with_the_answer(town: Town) -> None:
    asked = ask(in_hand(town), By(town.wang, MONDAY + HOUR, words="想晚点"), what="extend", until=FRIDAY)
    matter = answer(asked, By(town.wang, MONDAY + 2 * HOUR, words="还是办好了"))
    request = TimeRequest.objects.get()
    assert (matter.asked, request.granted, request.decided_at) == ("", None, MONDAY + 2 * HOUR)


def test_what_is_put_off_comes_back_and_never_counts_as_on_time(town: Town) -> None:
    matter = defer(
        in_hand(town), By(town.li, MONDAY + 2 * HOUR, words="明年才有钱"), reason="money", until=FRIDAY
    )
    assert (matter.state, matter.next_due) == (State.WAITING, datetime(2026, 10, 23, 8, tzinfo=ZONE))
    assert "matter_deferred" in told(town.chen)
    turn(MONDAY + 4 * DAY + HOUR)
    matter.refresh_from_db()
    assert matter.state == State.IN_HAND
    assert "matter_resumed" in set(told(town.wang)) & set(told(town.li))
    done = answer(matter, By(town.wang, MONDAY + 4 * DAY + 2 * HOUR, words="办好了"))
    closed = verify(done, By(town.chen, MONDAY + 4 * DAY + 3 * HOUR))
    facts = Fact.objects.filter(subject=closed.subject, name__in=["matter.answered", "matter.closed"])
    assert [fact.on_time for fact in facts] == [None, None]
    assert counted(closed)["matter.deferred"] == 1


@pytest.mark.parametrize("until", [date(2026, 10, 19), date(2027, 1, 20)])
def test_not_put_off_for_ever(town: Town, until: date) -> None:
    with pytest.raises(Refused, match="bad_day"):
        defer(in_hand(town), By(town.li, MONDAY + HOUR, words="再说"), reason="law", until=until)


def test_wang_cannot_put_off_by_himself(town: Town) -> None:
    with pytest.raises(Refused, match="bad_reason"):
        pause(in_hand(town), By(town.wang, MONDAY + HOUR, words="没钱"), reason="money")


def test_chen_urges_once_a_day(town: Town) -> None:
    matter = urge(in_hand(town), By(town.chen, MONDAY + 2 * HOUR))
    with pytest.raises(Refused, match="too_soon"):
        urge(matter, By(town.chen, MONDAY + 3 * HOUR))
    matter = urge(matter, By(town.li, MONDAY + 3 * HOUR))
    matter = urge(matter, By(town.chen, MONDAY + DAY + 3 * HOUR))
    assert matter.urges == 3
    assert told(town.wang).count("matter_urged") == 3


def test_a_slip_is_replied_to_and_lifted_by_who_set_it(town: Town) -> None:
    matter = supervise(in_hand(town), By(town.guo, MONDAY + 2 * HOUR, words="老人摔过，抓紧"), until=THURSDAY)
    slip = Supervision.objects.get()
    assert (matter.supervised_by, slip.post.kind_id, slip.reply_due) == (
        slip.post,
        "street_duty",
        evening(THURSDAY),
    )
    with pytest.raises(Refused, match="supervised"):
        supervise(matter, By(town.zhou, MONDAY + 3 * HOUR, words="我也督"), until=THURSDAY)
    with pytest.raises(Refused):
        lift(matter, By(town.li, MONDAY + 3 * HOUR, words="算了"))
    matter = reply(matter, By(town.wang, MONDAY + 4 * HOUR, words="今天换灯"))
    assert "matter_replied" in told(town.guo)
    matter = answer(matter, By(town.wang, MONDAY + 5 * HOUR, words="换好了"))
    matter = lift(matter, By(town.guo, MONDAY + 6 * HOUR, words="看过了"))
    assert (matter.supervised_by, matter.look_back_on) == (None, date(2026, 11, 18))
    assert counted(matter)["matter.supervised"] == 1


def test_a_slip_without_a_reply_comes_back_to_both(town: Town) -> None:
    matter = supervise(in_hand(town), By(town.guo, MONDAY + 2 * HOUR, words="抓紧"), until=date(2026, 10, 20))
    assert matter.next_due == evening(date(2026, 10, 20))
    turn(MONDAY + DAY + 10 * HOUR)
    matter.refresh_from_db()
    assert matter.reply_due is None
    assert "matter_reply_overdue" in set(told(town.wang)) & set(told(town.guo))
    assert matter.next_due == clock.next_due(matter)


def test_what_fell_back_is_open_again(town: Town) -> None:
    held = look_back(closed(town), By(town.li, MONDAY + DAY, words="去看了，亮着"), held=True)
    assert held.state == State.CLOSED
    fell = look_back(held, By(town.guo, MONDAY + 40 * DAY, words="又黑了"), held=False)
    assert (fell.state, fell.reopens) == (State.IN_HAND, 1)
    names = counted(fell)
    assert (names["matter.looked_back"], names["matter.reopened"]) == (2, 1)
    assert sum(Fact.objects.filter(name="matter.closed").values_list("n", flat=True)) == 0


def test_wang_reports_it_up_and_keeps_it(town: Town) -> None:
    with pytest.raises(Refused, match="missing"):
        escalate(in_hand(town), By(town.wang, MONDAY + 2 * HOUR))
    matter = escalate(in_hand(town), By(town.wang, MONDAY + 2 * HOUR, words="要供电公司来"))
    assert matter.joined == town.desk_post
    assert (matter.holder, matter.colour) == (town.worker_post, Colour.OK)
    assert "matter_joined" in told(town.li)


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


def test_the_whole_of_it_on_pages(here: Town) -> None:
    """Wang asks on the phone, Guo supervises at the desk, Wang replies, Guo gives time and lifts."""
    matter, soon = pages.in_hand(here), (timezone.localdate() + 3 * DAY)
    while soon.weekday() >= 5:
        soon += DAY
    wang, guo = pages.signed_in(here.wang), pages.signed_in(here.guo)
    task, desk = f"/w/tasks/{matter.number}/", f"/desk/m/{matter.number}/"

    def act(who: Client, there: str, do: str, **more: str) -> str:
        matter.refresh_from_db()
        answered = who.post(there, pages.sent(matter, do, **more), follow=True)
        assert answered.status_code == 200, answered.content.decode()
        return answered.content.decode()

    assert "记好了" in act(wang, task, "contact", how="phone", reached="yes", words="说好下午去")
    page = act(wang, task, "ask", what="extend", until=f"{soon}", words="等配件")
    assert "等上一级决定" in page
    assert "申请延期" in guo.get("/desk/?tab=asked").content.decode()
    page = act(guo, desk, "supervise", until=f"{soon}", words="老人多，抓紧", instructed_by="分管副区长")
    assert "按分管副区长的批示" in page
    assert matter.title in guo.get("/desk/?tab=supervised").content.decode()
    assert "有一张督办单等你回复" in wang.get(task).content.decode()
    act(wang, task, "reply", words="今天就去")
    page = guo.get(desk).content.decode()
    assert f'value="{soon}"' in page
    matter.refresh_from_db()
    assert matter.handle_due is not None
    limit = timezone.localdate(calendar().add_days(matter.handle_due, 1).at)
    act(guo, desk, "extend", until=f"{limit}", words="等配件")
    act(guo, desk, "lift", words="看过了")
    chen = pages.signed_in(here.chen).get(f"/m/{matter.number}/").content.decode()
    assert "同意延期到" in chen
    assert "督办" not in chen
    assert "催一催" in chen


def test_a_wrong_day_is_said_at_the_field_and_nothing_typed_is_lost(here: Town) -> None:
    matter = pages.in_hand(here)
    there = f"/desk/m/{matter.number}/"
    yesterday = f"{timezone.localdate() - DAY}"
    page = pages.signed_in(here.li).post(
        there, pages.sent(matter, "defer", reason="money", until=yesterday, words="明年再修")
    )
    assert page.status_code == 400
    assert "复查的日子要在今天以后" in page.content.decode()
    assert "明年再修" in page.content.decode()


def test_a_resident_urges_from_the_phone(here: Town) -> None:
    matter = pages.in_hand(here)
    chen = pages.signed_in(here.chen)
    there = f"/m/{matter.number}/"
    page = chen.post(there, pages.sent(matter, "urge"), follow=True).content.decode()
    assert "已经替你催了" in page
    again = chen.post(there, pages.sent(matter, "urge"))
    assert again.status_code == 409
    assert "已经催过" in again.content.decode()
