"""A department reads what it was called to, and the raiser's name and number only there, written down."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import StreamingHttpResponse
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.masking import mask_phone
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.tests.pages import make_town, raised, sent, signed_in
from silin.matters.triage import dispatch
from silin.matters.whistling import finish, take_part, whistle
from silin.people.actions import add_post, appoint
from silin.people.models import Organisation, Post
from silin.places.models import Place
from tests.town import Town, person

NAME, PHONE = "陈桂兰", "19900000002"
CLERKS = {"street_clerk": "street", "county_clerk": "county", "city_clerk": "city"}


class Department:
    """A department of one level with two clerks, another beside it, and who may whistle them."""

    def __init__(self, town: Town, kind: str) -> None:
        self.place: Place = getattr(town, CLERKS[kind])
        self.kind, self.town = kind, town
        body, other = self._body("城管局"), self._body("住建局")
        self.post, self.clerk = self._seat(body, 1, "赵宏涛")
        self.colleague = self._seat(body, 2, "孙明")[1]
        self.lead, self.neighbour = self._seat(other, 3, "马建国")
        self.caller = person("值班的人")
        kind = "county_duty" if kind == "city_clerk" else "street_duty"
        place = town.county if kind == "county_duty" else town.street
        appoint(self._post(kind, place, 8, None), self.caller, actor=None, now=timezone.now())

    def call(self, matter: Matter) -> Matter:
        """Whistle the department beside its neighbour, who leads."""
        by = By(self.caller, timezone.now(), words="灯杆要两家一起看")
        return whistle(matter, by, lead=self.lead, others=[self.post])

    def _body(self, name: str) -> Organisation:
        since = timezone.localdate() - timedelta(days=40)
        return Organisation.objects.create(name=name, kind="bureau", place=self.place, active_from=since)

    def _seat(self, body: Organisation, serial: int, name: str) -> tuple[Post, User]:
        post, user = self._post(self.kind, self.place, serial, body), person(name)
        appoint(post, user, actor=None, now=timezone.now())
        return post, user

    @staticmethod
    def _post(kind: str, place: Place, serial: int, body: Organisation | None) -> Post:
        return add_post(kind, place, serial=serial, organisation=body, actor=None, now=timezone.now())


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


def doors(user: User, matter: Matter) -> list[int]:
    """What each page about the matter answers: the task, asking for the number, getting it."""
    client, there = signed_in(user), f"/w/tasks/{matter.number}/"
    sent = {"purpose": "call_back", "client_id": uuid4()}
    found = matter.title in client.get("/w/tasks/", {"q": matter.shown_number}).content.decode()
    assert found == Matter.objects.seen_by(user).filter(pk=matter.pk).exists()
    return [
        client.get(there).status_code,
        client.get(f"{there}call/").status_code,
        client.post(f"{there}call/", sent).status_code,
    ]


@pytest.mark.parametrize("kind", CLERKS)
def test_a_department_reads_what_it_was_called_to_and_nothing_else(here: Town, kind: str) -> None:
    there = Department(here, kind)
    called, other = there.call(raised(here)), raised(here, "井盖松了")
    for user in (there.clerk, there.colleague):
        assert doors(user, called) == [200, 200, 200]
        assert doors(user, other) == [404, 404, 404]
    assert doors(here.stranger, called) == [404, 404, 404]
    assert signed_in(there.clerk).get("/w/").status_code == 200
    client, task = signed_in(there.clerk), f"/w/tasks/{called.number}/"
    called.refresh_from_db()
    answer = client.post(task, sent(called, "step_back", words="底座不归我们"), follow=True)
    assert [each for each, _status in answer.redirect_chain] == ["/w/?done=step_back"]
    assert "已退回" in answer.content.decode()
    assert doors(there.clerk, called) == [404, 404, 404]
    assert doors(there.colleague, called) == [404, 404, 404]
    assert doors(there.neighbour, called) == [200, 200, 200]


def test_it_still_reads_what_it_has_done_but_not_what_was_sent_elsewhere(here: Town) -> None:
    there = Department(here, "county_clerk")
    matter = take_part(there.call(raised(here)), By(there.clerk, timezone.now()))
    matter = finish(matter, By(there.clerk, timezone.now(), words="底座浇好了"))
    assert doors(there.colleague, matter)[0] == 200
    matter = dispatch(matter, By(here.li, timezone.now()), to=here.worker_post)
    assert doors(there.neighbour, matter) == [404, 404, 404]


def test_a_kept_name_stays_with_the_desk(here: Town) -> None:
    """保密: whoever was called reads neither name nor number, asks for neither, and gets no table of them."""
    there = Department(here, "county_clerk")
    matter = there.call(raised(here, building=here.building, name_withheld=True))
    page, call = (f"/w/tasks/{matter.number}/{end}" for end in ("", "call/"))
    sent = {"purpose": "call_back", "client_id": uuid4()}
    for user in (there.clerk, there.colleague, there.neighbour, here.wang):
        client = signed_in(user)
        assert client.get(call).status_code == client.post(call, sent).status_code == 404
        for door in (page, "/w/", "/w/tasks/"):
            shown = client.get(door).content.decode()
            assert not any(each in shown for each in (NAME, PHONE, mask_phone(PHONE))), door
        for word in (NAME, PHONE, PHONE[-4:]):
            assert matter.title not in client.get("/w/tasks/", {"q": word}).content.decode()
        assert "反映人要求保密" in client.get(page).content.decode()
        assert client.get("/desk/list.csv").status_code == 404
    assert not Entry.objects.filter(action="reveal").exists()
    desk = signed_in(here.guo)
    assert NAME in desk.get(f"/desk/m/{matter.number}/").content.decode()
    assert PHONE in desk.post(f"/desk/m/{matter.number}/call/", sent).content.decode()
    answer = desk.get("/desk/list.csv?tab=going")
    assert isinstance(answer, StreamingHttpResponse)
    table = answer.getvalue().decode()
    assert matter.shown_number in table
    assert NAME not in table


def test_name_and_number_are_read_together_and_written_down(here: Town) -> None:
    there = Department(here, "county_clerk")
    matter = there.call(raised(here))
    client, page = signed_in(there.clerk), f"/w/tasks/{matter.number}/"
    for before in (client.get(page), client.get(f"{page}call/")):
        assert NAME not in before.content.decode()
        assert PHONE not in before.content.decode()
    assert not Entry.objects.filter(action="reveal").exists()
    shown = client.post(f"{page}call/", {"purpose": "visit", "client_id": uuid4()}).content.decode()
    assert NAME in shown
    assert f'href="tel:{PHONE}"' in shown
    line = Entry.objects.get(action="reveal", subject=f"user:{here.chen.pk}")
    assert (line.actor, line.post, line.fields["purpose"]) == (there.clerk, "county_clerk", "visit")
    assert NAME in signed_in(here.wang).get(page).content.decode()
    assert NAME in signed_in(here.guo).get(f"/desk/m/{matter.number}/").content.decode()
