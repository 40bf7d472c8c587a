"""A bureau's own system is told at once what happens to what the bureau was called to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from silin.accounts.models import Client
from silin.exchange.actions import leave_out, make_webhook, renew_secret, resume_webhook, send_again
from silin.exchange.jobs import tell_systems
from silin.exchange.models import Delivery, Pause, Webhook
from silin.exchange.sending import BATCH, PATIENT_FOR, forget_old
from silin.exchange.tests.receiver import Receiver, listening
from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.models import Matter
from silin.matters.review import review
from silin.matters.tests.bureaus import Bureaus
from silin.matters.tests.pages import answered, make_town, raised
from silin.matters.triage import comment
from silin.matters.verifying import verify
from silin.matters.whistling import whistle
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from silin.people.clients import AboutClient, end_client, make_client
from silin.people.models import Organisation
from tests.town import person

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Here:
    """The town, two bureaus with a system each, and Sun, who looks after the machines."""

    def __init__(self) -> None:
        self.town = make_town()
        self.bureaus = Bureaus(self.town)
        self.now = timezone.now()
        self.sun = person("孙志远")
        seat = add_post("system_admin", self.town.city, actor=None, now=self.now)
        appoint(seat, self.sun, actor=None, now=self.now)
        self.light, self.water = (self.system(body) for body in (self.bureaus.light, self.bureaus.water))

    def system(self, body: Organisation, *scopes: str) -> Client:
        """A system of ``body`` with a key."""
        about = AboutClient(
            f"{body.name}平台",
            kind="bureau_system",
            place=self.town.county,
            scopes=scopes or ("read", "act", "feed"),
            organisation=body,
        )
        return make_client(about, actor=None, now=self.now)[0]

    def whistled(self, words: str = "灯杆歪了，王师傅手机13900001111") -> Matter:
        """Chen reports, the street calls the bureau of the lights."""
        by = By(self.town.guo, timezone.now(), words="请来看看")
        return whistle(raised(self.town, words), by, lead=self.bureaus.posts[0], others=[])

    def told(self, receiver: Receiver, client: Client | None = None, actions: Sequence[str] = ()) -> Webhook:
        """The light bureau's system is told at ``receiver`` from now on."""
        whose = client or self.light
        webhook = make_webhook(whose, receiver.url, actions=actions, actor=self.sun, now=self.now)
        receiver.secret = receiver.secret or webhook.secret
        return webhook


@pytest.fixture
def here(db: None) -> Here:
    return Here()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def waiting(webhook: Webhook) -> int:
    return webhook.deliveries.waiting().count()


def test_the_bureaus_system_hears_of_what_it_was_called_to_and_of_nothing_else(
    here: Here, receiver: Receiver
) -> None:
    here.told(receiver)
    raised(here.town, "楼道里的灯坏了")
    matter = here.whistled()
    tell_systems(here.now)
    assert receiver.events == ["matter.raise", "matter.whistle"]
    assert receiver.said[1]["data"] | {"line": 0} == {
        "line": 0,
        "action": "whistle",
        "before": "assigned",
        "after": "assigned",
        "matter": matter.number,
        "kind": "report",
        "category": here.town.lamp.pk,
        "place": matter.place.code,
    }
    text = b"".join(receiver.bodies).decode()
    assert not [word for word in ("灯杆", "1390000", "陈", "郭") if word in text]
    matter = accept(matter, By(here.bureaus.clerks[0], timezone.now()))
    matter = comment(matter, By(here.light.user, timezone.now(), words="已派车"))
    comment(matter, By(here.town.chen, timezone.now(), words="今晚能修好吗"))
    tell_systems(here.now + MINUTE)
    assert receiver.events[2:] == ["matter.accept", "matter.comment"], "not of what it did itself"
    tell_systems(here.now + 2 * MINUTE)
    assert len(receiver.said) == 4 == len(set(receiver.ids))
    lines = [said["data"]["line"] for said in receiver.said]
    assert lines == sorted(lines)
    assert set(lines) <= set(Entry.objects.values_list("pk", flat=True))


def test_another_bureau_hears_nothing_and_one_may_choose_what_it_hears(
    here: Here, receiver: Receiver
) -> None:
    with listening() as other:
        here.told(other, here.water)
        here.told(receiver, actions=["whistle", "comment"])
        here.whistled()
        tell_systems(here.now)
        assert (other.events, receiver.events) == ([], ["matter.whistle"])


def test_nobody_is_told_that_or_when_somebody_gave_a_grade(here: Here, receiver: Receiver) -> None:
    about = AboutClient("12345 热线", kind="hotline", place=here.town.community, scopes=["feed"])
    here.told(receiver, make_client(about, actor=None, now=here.now)[0])
    matter = verify(answered(here.town), By(here.town.chen, timezone.now()))
    review(matter, By(here.town.chen, timezone.now()), grade=1)
    tell_systems(timezone.now())
    told = receiver.events
    assert "matter.verify" in told
    assert not {"matter.review", "matter.call_back", "matter.slip"} & set(told)


def test_a_receiver_that_is_down_for_a_day_gets_everything_in_order_afterwards(
    here: Here, receiver: Receiver
) -> None:
    webhook = here.told(receiver)
    receiver.answer = lambda _said: 503
    here.whistled("第一件")
    now, end = here.now, here.now + DAY
    while now < end:
        tell_systems(now)
        now += 5 * MINUTE
    tries = len(receiver.bodies)
    assert 24 <= tries <= 40, "again and again, but not all the time"
    assert len(set(receiver.ids)) == 1
    here.whistled("第二件")
    receiver.answer = lambda _said: 204
    tell_systems(end + HOUR)
    assert receiver.events[tries:] == ["matter.raise", "matter.whistle"] * 2
    assert len(set(receiver.ids)) == 4
    webhook.refresh_from_db()
    assert (waiting(webhook), webhook.tries, webhook.failing_since, webhook.next_try) == (0, 0, None, None)


def test_after_three_days_it_is_stopped_sun_is_told_and_lets_it_go_on(here: Here, receiver: Receiver) -> None:
    webhook = here.told(receiver)
    port = int(receiver.url.split(":")[2].split("/")[0])
    webhook.url = "http://127.0.0.1:9/silin"
    webhook.save()
    here.whistled()
    now = here.now
    while now < here.now + PATIENT_FOR + 2 * HOUR:
        tell_systems(now)
        now += HOUR / 2
    webhook.refresh_from_db()
    assert (webhook.pause, webhook.next_try, waiting(webhook)) == (Pause.FAILING, None, 2)
    assert webhook.deliveries.earliest("pk").told == "URLError"
    assert (
        Notice.objects.get(recipient=here.sun, name="webhook_stopped").link == f"/desk/webhooks/{webhook.pk}/"
    )
    here.whistled("停了以后的一件")
    tell_systems(now)
    webhook.url = f"http://127.0.0.1:{port}/silin"
    webhook.save()
    resume_webhook(webhook, actor=here.sun, now=now)
    tell_systems(now)
    assert receiver.events == ["matter.raise", "matter.whistle"] * 2


@pytest.mark.parametrize(("status", "pause"), [(410, Pause.GONE), (302, ""), (400, ""), (500, "")])
def test_what_is_not_taken_waits_and_who_is_gone_is_asked_no_more(
    status: int, pause: str, here: Here, receiver: Receiver
) -> None:
    webhook = here.told(receiver)
    receiver.answer = lambda _said: status
    here.whistled()
    tell_systems(here.now)
    tell_systems(here.now + timedelta(seconds=5))
    webhook.refresh_from_db()
    assert (len(receiver.bodies), webhook.pause, waiting(webhook)) == (1, pause, 2)
    assert webhook.deliveries.earliest("pk").status == status


def test_one_that_is_never_taken_is_left_out_and_the_others_go_on(here: Here, receiver: Receiver) -> None:
    webhook = here.told(receiver)
    receiver.answer = lambda said: 422 if said["type"] == "matter.raise" else 200
    here.whistled()
    tell_systems(here.now)
    stuck = webhook.deliveries.get(event="matter.raise")
    leave_out(webhook, stuck.pk, actor=here.sun, now=here.now)
    tell_systems(here.now)
    assert receiver.events == ["matter.raise", "matter.whistle"]
    receiver.answer = lambda _said: 200
    send_again(webhook, stuck.pk, actor=here.sun, now=here.now)
    tell_systems(here.now)
    assert receiver.events[2:] == ["matter.raise"]
    assert receiver.ids[0] == receiver.ids[2] == str(stuck.pk)


def test_whose_key_has_ended_hears_nothing_more(here: Here, receiver: Receiver) -> None:
    webhook = here.told(receiver)
    here.whistled()
    end_client(here.light, actor=None, now=here.now)
    tell_systems(here.now)
    assert (receiver.bodies, waiting(webhook)) == ([], 0)


def test_a_new_secret_signs_what_comes_after(here: Here, receiver: Receiver) -> None:
    webhook = here.told(receiver)
    fresh = renew_secret(webhook, actor=here.sun, now=here.now)
    assert fresh.secret != receiver.secret
    receiver.secret = fresh.secret
    here.whistled()
    tell_systems(here.now)
    assert len(receiver.bodies) == 2
    assert fresh.secret not in str(Webhook.objects.values_list("closed_secret", flat=True).get())


def test_addresses_that_say_what_only_this_machine_may_know_are_not_asked(here: Here) -> None:
    webhook = make_webhook(here.light, "http://169.254.169.254/latest", actor=here.sun, now=here.now)
    here.whistled()
    tell_systems(here.now)
    assert webhook.deliveries.earliest("pk").told == "forbidden address"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host/x",
        "https://",
        "//host",
        "javascript:alert(1)",
        "https://a:b@host/",
        "https://ho st/",
        "https://[/",
    ],
)
def test_what_is_no_address_is_refused(url: str, here: Here) -> None:
    with pytest.raises(Refused) as refused:
        make_webhook(here.light, url, actor=here.sun, now=here.now)
    assert (refused.value.code, refused.value.field) == ("bad_url", "url")


def test_whoever_may_not_is_refused_and_so_is_a_key_that_does_not_go_so_far(here: Here) -> None:
    url = "https://system.example/silin"
    for user in (here.town.zhou, here.town.li, here.town.chen, here.town.stranger):
        with pytest.raises(NotAllowed):
            make_webhook(here.light, url, actor=user, now=here.now)
    narrow = here.system(here.bureaus.water, "read")
    with pytest.raises(Refused) as refused:
        make_webhook(narrow, url, actor=here.sun, now=here.now)
    assert refused.value.code == "no_feed"
    webhook = make_webhook(here.light, url, actor=here.sun, now=here.now)
    mine = Delivery.objects.create(
        webhook=make_webhook(here.water, url, actor=here.sun, now=here.now),
        event="ping",
        body="{}",
        made_at=here.now,
    )
    with pytest.raises(NotFound):
        send_again(webhook, mine.pk, actor=here.sun, now=here.now)


def test_what_was_sent_a_month_ago_is_forgotten_and_what_waits_is_not(here: Here, receiver: Receiver) -> None:
    webhook = here.told(receiver)
    here.whistled()
    receiver.answer = lambda said: 204 if said["type"] == "matter.raise" else 500
    tell_systems(here.now)
    forget_old(here.now + 40 * DAY)
    assert [each.event for each in webhook.deliveries.all()] == ["matter.whistle"]


def test_many_at_once_are_told_turn_by_turn(here: Here, receiver: Receiver) -> None:
    webhook = here.told(receiver)
    matter = here.whistled()
    for n in range(BATCH):
        comment(Matter.objects.get(pk=matter.pk), By(here.town.chen, timezone.now(), words=f"第{n}句"))
    tell_systems(here.now)
    assert waiting(webhook) == 2
    tell_systems(here.now)
    assert len(receiver.bodies) == len(set(receiver.ids)) == BATCH + 2


def test_two_loops_at_once_tell_each_thing_once(live_db: str) -> None:
    with listening() as receiver:
        here = Here()
        webhooks = [here.told(receiver, actions=[]) for _ in range(2)]
        receiver.secret = ""
        for n in range(6):
            here.whistled(f"第{n}处灯杆歪了")

        def run(_n: int) -> None:
            try:
                for turn in range(4):
                    tell_systems(here.now + turn * MINUTE / 4)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(4)))
        assert sorted(receiver.ids) == sorted(
            str(key) for key in Delivery.objects.values_list("pk", flat=True)
        )
        assert [each.deliveries.count() for each in webhooks] == [12, 12]
    assert connection.vendor in ("sqlite", "postgresql")
