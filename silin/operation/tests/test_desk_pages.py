"""Before opening and after it, and the page of whoever looks after the machines."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from importlib.metadata import version

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from silin.accounts.models import SecondFactor, User
from silin.history.models import Entry
from silin.lib import keyring
from silin.lib.jobs import Job, run_jobs
from silin.lib.refusal import Refused
from silin.notices.actions import Message, queue
from silin.notices.models import Notice
from silin.notices.sending import send_due
from silin.operation import actions, queries
from silin.operation.models import JobRun, SettingUp
from silin.people.actions import add_post, appoint
from silin.places.texts import set_texts
from tests import town
from tests.town import MONDAY, Town


@pytest.fixture
def here(db: None) -> Town:
    queries.city_in_work.forget()
    built = town.build()
    actions.begin(built.city, now=MONDAY)
    return built


@pytest.fixture
def sun(here: Town) -> User:
    """Looks after the machines, and after nothing else."""
    user = town.person("孙志远")
    appoint(add_post("system_admin", here.city, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    return user


def test_until_somebody_opens_it_residents_read_that_it_is_not_open(client: Client, here: Town) -> None:
    assert "平台正在准备" in client.get("/").content.decode()
    client.force_login(here.zhou)
    page = client.get("/desk/set-up/").content.decode()
    assert "2 个社区和村" in page
    assert "3 个网格，其中 3 个有边界" in page
    assert client.post("/desk/set-up/open/").status_code == 302
    row = SettingUp.objects.get()
    assert (row.opened_by, row.opened_at is not None) == (here.zhou, True)
    assert Entry.objects.filter(subject=here.city.subject, action="open_city", actor=here.zhou).count() == 1
    assert "周敏开通" in client.get("/desk/set-up/").content.decode()
    assert "平台正在准备" not in Client().get("/").content.decode()


def test_each_line_leads_to_where_it_is_done(client: Client, here: Town) -> None:
    """And to the table in which an office brings in many; a door that is somebody else's is only named."""
    client.force_login(here.zhou)
    lines = client.get("/desk/set-up/").content.decode().split("<main")[1].split("<tr>")
    for key in ("divisions", "grids", "estates", "buildings", "facilities", "posts", "organisations"):
        assert sum(f'href="/desk/imports/{key}/"' in line for line in lines) == 1, key
    [line] = [line for line in lines if "1 栋楼" in line]
    assert "/desk/imports/buildings/" in line
    [line] = [line for line in lines if "还没有试发过短信" in line]
    assert "href" not in line
    assert "系统运行" in line
    for door in set(re.findall(r'href="(/desk/[^"]*)"', "".join(lines))):
        assert client.get(door, follow=True).status_code == 200, door


def test_opening_twice_is_said_and_written_once(client: Client, here: Town) -> None:
    client.force_login(here.zhou)
    client.post("/desk/set-up/open/")
    again = client.post("/desk/set-up/open/")
    assert again.status_code == 409
    assert "平台已经开通" in again.content.decode()
    assert Entry.objects.filter(action="open_city").count() == 1


def test_a_city_without_grid_workers_does_not_open(client: Client, here: Town) -> None:
    for holding in here.worker_post.holdings.all():
        holding.delete()
    for holding in here.leader.holdings.all():
        holding.delete()
    client.force_login(here.zhou)
    answer = client.post("/desk/set-up/open/")
    assert answer.status_code == 400
    assert "网格里有 0 人在岗" in answer.content.decode()
    assert SettingUp.objects.get().opened_at is None


def test_only_the_city_opens_itself(here: Town) -> None:
    with pytest.raises(Refused):
        actions.open_city(here.city, actor=here.li, now=MONDAY)


def test_a_city_that_was_never_set_up_counts_as_open(client: Client, db: None) -> None:
    queries.city_in_work.forget()
    zhou = town.build().zhou
    client.force_login(zhou)
    assert "平台已开通" in client.get("/desk/set-up/").content.decode()
    assert "平台正在准备" not in client.get("/").content.decode()


def test_a_stranger_finds_neither_page(client: Client, here: Town) -> None:
    for person in (here.stranger, here.chen, here.wang):
        client.force_login(person)
        for address in ("/desk/set-up/", "/desk/operator/"):
            assert client.get(address).status_code == 404
        assert client.post("/desk/set-up/open/").status_code == 404
        assert client.post("/desk/operator/jobs/notices.send/again/").status_code == 404
    client.force_login(here.zhou)
    assert client.get("/desk/operator/").status_code == 404, "set up and run are two hats"


def test_the_machine_says_what_runs_on_it_and_how_much_room_there_is(client: Client, sun: User) -> None:
    client.force_login(sun)
    page = client.get("/desk/operator/").content.decode()
    for words in (f"Silin {version('silin')}", f"Django {version('django')}", "磁盘"):
        assert words in page
    table = page.partition("磁盘")[2].partition("</tr>")[0]
    assert re.search(r"\d+.+ / \d+", table), table


def test_a_failed_job_is_kept_and_runs_again(
    client: Client, sun: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[datetime] = []

    def fail(now: datetime) -> None:
        ran.append(now)
        if len(ran) == 1:
            raise RuntimeError("no way to 13800000000 or wang@example.org")

    job = Job("lamp", every=timedelta(hours=1), run=fail)
    monkeypatch.setattr("silin.lib.jobs.find_jobs", lambda: [job])
    monkeypatch.setattr("silin.operation.queries.find_jobs", lambda: [job])
    now = timezone.now()
    run_jobs([job], now, note=actions.note_run)
    client.force_login(sun)
    page = client.get("/desk/operator/").content.decode()
    assert "RuntimeError: no way to … or …" in page
    assert run_jobs([job], now, note=actions.note_run) == []
    assert client.post("/desk/operator/jobs/lamp/again/").status_code == 302
    assert run_jobs([job], timezone.now(), note=actions.note_run) == ["lamp"]
    row = JobRun.objects.get(name="lamp")
    assert not row.is_failing
    assert row.failed_at == now
    assert Entry.objects.filter(action="try_job_again", actor=sun).count() == 1
    assert client.post("/desk/operator/jobs/nothing/again/").status_code == 404


def test_a_good_turn_is_written_once_a_minute(db: None) -> None:
    for second in range(0, 130, 10):
        actions.note_run("notices.send", MONDAY + timedelta(seconds=second), None)
    assert JobRun.objects.get().good_at == MONDAY + timedelta(seconds=120)


def test_messages_that_nobody_got_are_sent_again(client: Client, sun: User, here: Town) -> None:
    queue([Message("matter_answered", here.stranger, {}, "/mine/", channel="sms")], now=MONDAY)
    send_due(MONDAY)
    notice = Notice.objects.get(recipient=here.stranger)
    assert notice.given_up_at
    client.force_login(sun)
    assert str(notice.pk) in client.get("/desk/operator/").content.decode()
    assert client.post("/desk/operator/messages/again/", {"notice": [notice.pk, "x"]}).status_code == 302
    notice.refresh_from_db()
    assert notice.next_try is not None
    assert notice.tries == 0
    client.post("/desk/operator/messages/again/", {"notice": [notice.pk]})
    assert Entry.objects.filter(action="try_notices_again").count() == 1


def test_the_checklist_counts_and_says_why(here: Town) -> None:
    with override("en"):
        lines = queries.lines(here.city, MONDAY)
    assert len({line.key for line in lines}) == len(lines)
    assert all(line.what and line.why for line in lines)
    assert [line.key for line in lines if line.must and not line.done] == []


def test_what_is_asked_before_opening_is_ticked_off(here: Town, sun: User) -> None:
    def open_lines() -> set[str]:
        return {line.key for line in queries.lines(here.city, MONDAY) if not line.done}

    asked = {"registrations", "administrators", "second_factor", "keys", "backup"}
    assert asked <= open_lines()
    for kind in ("security_admin", "auditor"):
        appoint(add_post(kind, here.city, actor=None, now=MONDAY), town.person(kind), actor=None, now=MONDAY)
    for user in User.objects.filter(holdings__isnull=False).distinct():
        SecondFactor.objects.create(user=user, secret="x", confirmed_at=MONDAY)
    set_texts({"icp": "1", "police": "2", "map_approval": "3"}, actor=None, now=MONDAY)
    actions.note_backup("/safe/night.silin", 1, "0", with_keys=False, now=MONDAY)
    assert queries.last_copy_of_keys() is None, "a backup holds no keys"
    actions.note_backup("/safe/keys", 3, keyring.present(), with_keys=True, now=MONDAY)
    assert not asked & open_lines()
