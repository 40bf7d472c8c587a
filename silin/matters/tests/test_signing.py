"""The bureau asks for its head's signature: Zhao writes the answer, Ren sends it back once, then signs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.files.actions import keep
from silin.history.queries import check
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, SignRule, State
from silin.matters.rules import AboutRule, add_rule
from silin.matters.signed import set_sign_rule
from silin.matters.signing import report_done, send_back, sign, submit
from silin.matters.table import allowed
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.triage import dispatch, release
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint, end
from silin.people.models import Holding, PostKind
from tests.town import Town, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Signed(Bureaus):
    """Two bureaus; lights go to the first of them, whose head Ren signs."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.now = timezone.now()
        day = (self.now - 30 * DAY).date()
        self.head_post = add_post(
            "county_clerk",
            town.county,
            serial=9,
            organisation=self.light,
            actor=None,
            now=self.now - 30 * DAY,
        )
        self.ren: User = person("任局长")
        appoint(self.head_post, self.ren, actor=None, now=self.now - 30 * DAY)
        kind = PostKind.objects.get(pk="county_clerk")
        about = AboutRule(town.county, kind, category=town.lamp, organisation=self.light)
        add_rule(about, day=day, actor=None, now=self.now)
        row = SignRule(organisation=self.light, head=self.head_post, valid_from=day)
        set_sign_rule(row, actor=None, now=self.now)


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


@pytest.fixture
def bureau(here: Town) -> Signed:
    return Signed(here)


def in_hand(here: Town, bureau: Signed) -> Matter:
    return accept(pages.raised(here, "路灯杆歪了"), By(bureau.clerks[0], bureau.now))


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, channel="inbox").values_list("name", flat=True))


def test_the_answer_leaves_when_it_is_signed(here: Town, bureau: Signed) -> None:
    zhao, ren, now = bureau.clerks[0], bureau.ren, bureau.now
    matter = in_hand(here, bureau)
    due = matter.handle_due
    with pytest.raises(NotAllowed):
        answer(matter, By(zhao, now + HOUR, words="扶正了"), outcome="advised")
    matter = report_done(matter, By(zhao, now + HOUR, words="扶正了"), outcome="advised")
    assert (matter.state, matter.signer, matter.handle_due) == (State.IN_HAND, bureau.head_post, due)
    assert "matter_to_sign" in told(ren)
    assert "sign" in allowed(matter, ren, now)
    assert "sign" not in allowed(matter, zhao, now)
    matter = send_back(matter, By(ren, now + 2 * HOUR, words="写清楚扶了几根"))
    assert (matter.state, matter.signer) == (State.IN_HAND, None)
    assert "matter_sent_back" in told(zhao)
    matter = submit(matter, By(zhao, now + 3 * HOUR, words="扶正了三根"), outcome="advised")
    matter = sign(matter, By(ren, now + 4 * HOUR))
    assert (matter.state, matter.handler, matter.outcome) == (State.ANSWERED, zhao, "advised")
    assert "matter_answered" in told(here.chen)
    assert Fact.objects.filter(subject=matter.subject, name="matter.answered").count() == 1
    assert check(matter.subject) == []


def test_what_residents_read_and_what_the_head_sees(here: Town, bureau: Signed) -> None:
    zhao, ren, chen = (pages.signed_in(each) for each in (bureau.clerks[0], bureau.ren, here.chen))
    matter = in_hand(here, bureau)
    task = f"/w/tasks/{matter.number}/"
    page = zhao.get(task).content.decode()
    assert "送去审签" in page
    said = pages.sent(matter, "answer", outcome="fixed", words="扶正了三根", after=pages.picture())
    assert "审签后才发出" in zhao.post(task, said, follow=True).content.decode()
    assert "扶正了三根" not in chen.get(f"/m/{matter.number}/").content.decode()
    assert "/photos/" not in chen.get("/mine/").content.decode()
    assert matter.title in ren.get("/w/").content.decode()
    matter.refresh_from_db()
    page = ren.get(task).content.decode()
    assert "扶正了三根" in page
    assert "/photos/" in page
    ren.post(task, pages.sent(matter, "sign"), follow=True)
    page = chen.get(f"/m/{matter.number}/").content.decode()
    assert "扶正了三根" in page
    assert "/photos/" in page


def test_no_picture_leaves_before_it_is_signed(here: Town, bureau: Signed, client: Client) -> None:
    """Also where a desk releases what was said so far, and for good where the head sends it back."""
    zhao, ren, now = bureau.clerks[0], bureau.ren, bureau.now
    matter, shot = in_hand(here, bureau), keep(pages.picture())
    matter = submit(matter, By(zhao, now, words="扶正了"), after=[shot])
    matter = release(matter, By(here.guo, now + HOUR))
    there = f"/m/{matter.number}/photos/{matter.photos.get().pk}/"

    def shown() -> list[bool]:
        door = client.get(there).status_code == 200
        raiser = pages.signed_in(here.chen).get(there).status_code == 200
        lists = [client.get(page).text for page in (f"/open/m/{matter.number}/", "/near/")]
        return [door, raiser, *("/photos/" in page for page in lists)]

    assert shown() == [False] * 4
    assert pages.signed_in(ren).get(there).status_code == 200
    matter = send_back(matter, By(ren, now + 2 * HOUR, words="再拍清楚些"))
    matter = submit(matter, By(zhao, now + 3 * HOUR, words="扶正了"), after=[shot])
    matter = release(sign(matter, By(ren, now + 4 * HOUR)), By(here.guo, now + 5 * HOUR))
    assert shown() == [False, False, True, True]
    assert there not in client.get(f"/open/m/{matter.number}/").text


def test_without_a_head_at_work_the_answer_leaves_by_itself(here: Town, bureau: Signed) -> None:
    zhao, now = bureau.clerks[0], bureau.now
    matter = report_done(in_hand(here, bureau), By(zhao, now, words="扶正了"), outcome="advised")
    for holding in Holding.objects.filter(post=bureau.head_post):
        end(holding, actor=None, now=now)
    matter = report_done(matter, By(zhao, now + HOUR, words="扶正了"), outcome="advised")
    assert (matter.state, matter.signer) == (State.ANSWERED, None)


def test_what_is_sent_elsewhere_waits_for_no_signature(here: Town, bureau: Signed) -> None:
    zhao, ren, now = bureau.clerks[0], bureau.ren, bureau.now
    matter = report_done(in_hand(here, bureau), By(zhao, now, words="扶正了"), outcome="advised")
    matter = dispatch(matter, By(here.zhou, now + HOUR), to=here.worker_post)
    assert matter.signer is None
    with pytest.raises(NotFound):
        sign(matter, By(ren, now + 2 * HOUR))


def test_what_no_sign_rule_may_say(here: Town, bureau: Signed) -> None:
    """A head of another organisation, one who opens no matters, a second rule for the same days."""
    day, now = bureau.now.date(), bureau.now
    idle = add_post("legal_adviser", here.community, organisation=bureau.light, actor=None, now=now)
    for code, body, head in (
        ("bad_head", bureau.water, bureau.head_post),
        ("bad_head", bureau.light, idle),
        ("taken", bureau.light, bureau.head_post),
    ):
        row = SignRule(organisation=body, head=head, valid_from=day, valid_until=day + DAY)
        with pytest.raises(Refused, match=code):
            set_sign_rule(row, actor=None, now=now)
    first = SignRule.objects.get()
    first.valid_until = day
    set_sign_rule(first, actor=None, now=now)
    row = SignRule(organisation=bureau.light, head=bureau.head_post, valid_from=day)
    set_sign_rule(row, actor=None, now=now)
    first.valid_until = None
    with pytest.raises(Refused, match="taken"):
        set_sign_rule(first, actor=None, now=now)
