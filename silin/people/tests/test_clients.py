"""Systems that come in with a key: let in by whoever looks after the machine, and taken for no person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.accounts import clients
from silin.accounts.models import Client, User
from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, Refused
from silin.notices.actions import Message, queue
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from silin.people.clients import AboutClient, end_client, make_client, renew_key
from silin.people.finding import find_people
from silin.people.models import Organisation, Post
from silin.people.vacancies import gaps
from silin.people.weeks import seats_of
from silin.places.models import Place
from tests.town import MONDAY, Town, build, person

HOUR = timedelta(hours=1)
SCOPES = ("read", "raise")


@pytest.fixture
def here(db: None) -> Town:
    return build()


@pytest.fixture
def sun(here: Town) -> User:
    """Sun Zhiyuan, the system administrator."""
    user = person("孙志远")
    appoint(add_post("system_admin", here.city, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    return user


def hotline(town: Town, actor: User | None = None, **more: object) -> tuple[Client, str]:
    about = AboutClient("12345 热线平台", "hotline", town.community, SCOPES, **more)  # type: ignore[arg-type]
    return make_client(about, actor=actor, now=MONDAY)


def code_of(call: object, *args: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **named)  # type: ignore[operator]
    return refused.value.code


def statements(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def test_a_key_is_found_by_its_hash_in_one_statement_with_the_account(here: Town, sun: User) -> None:
    client, key = hotline(here, sun)
    assert key not in str(Client.objects.values().get())
    assert key.endswith(client.last_four)
    assert statements(lambda: str(clients.find_client(key, MONDAY + HOUR).user)) == 1
    found = clients.find_client(key, MONDAY + HOUR)
    assert str(found) == "12345 热线平台"
    assert found.may("raise")
    assert not found.may("act")
    line = Entry.objects.get(subject=client.subject)
    assert (line.action, line.actor) == ("make_client", sun)
    assert key not in str(line.fields)


@pytest.mark.parametrize("key", ["", "x", "silin_", "💡" * 50, "silin_" + "A" * 32, "\x00", "a" * 9000])
def test_garbage_is_no_key(here: Town, key: str) -> None:
    assert code_of(clients.find_client, key, MONDAY) in ("no_key", "key_unknown")


def test_a_renewed_key_replaces_the_old_one_and_a_day_ends_it(here: Town, sun: User) -> None:
    client, old = hotline(here, sun)
    new = renew_key(client, valid_until=date(2026, 10, 21), actor=sun, now=MONDAY)
    assert code_of(clients.find_client, old, MONDAY) == "key_unknown"
    assert clients.find_client(new, MONDAY + timedelta(days=1)).pk == client.pk
    assert code_of(clients.find_client, new, MONDAY + timedelta(days=2)) == "key_expired"
    assert code_of(renew_key, client, valid_until=MONDAY.date(), actor=sun, now=MONDAY) == "bad_dates"


def test_an_ended_client_has_lost_its_key_and_its_post(here: Town, sun: User) -> None:
    client, key = hotline(here, sun)
    end_client(client, actor=sun, now=MONDAY)
    end_client(client, actor=sun, now=MONDAY + HOUR)
    assert code_of(clients.find_client, key, MONDAY) == "key_ended"
    assert not User.objects.get(pk=client.user_id).has_perm("matters.see", here.community)
    assert not Post.objects.open().filter(kind="hotline").exists()
    assert Entry.objects.filter(subject=client.subject, action="end_client").count() == 1
    assert code_of(renew_key, client, valid_until=None, actor=sun, now=MONDAY) == "key_ended"


def test_only_whoever_looks_after_the_system_lets_others_in(here: Town) -> None:
    for somebody in (here.zhou, here.li, here.chen):
        with pytest.raises(NotAllowed):
            hotline(here, somebody)
    assert not Client.objects.exists()
    assert not User.objects.filter(is_system=True).exists()


def test_what_is_missing_or_wrong_is_said(here: Town, sun: User) -> None:
    def code(**more: object) -> str:
        said = {"name": "某系统", "kind": "hotline", "place": here.community, "scopes": SCOPES, **more}
        return code_of(make_client, AboutClient(**said), actor=sun, now=MONDAY)  # type: ignore[arg-type]

    assert code(name=" ") == "missing"
    assert code(kind="community_desk") == "bad_post"
    assert code(kind="bureau_system") == "wrong_organisation"
    assert (code(scopes=()), code(scopes=("all",))) == ("missing", "unknown_scope")
    assert (code(per_minute=0), code(valid_until=MONDAY.date())) == ("bad_limit", "bad_dates")
    assert not User.objects.filter(is_system=True).exists()


def test_nobody_signs_in_as_a_system_by_any_door(here: Town, client: Browser) -> None:
    system = hotline(here)[0].user
    assert not system.has_usable_password()
    assert not system.email
    assert not system.phone_hash
    system.set_password("kapok-lantern-42")
    system.email = "system@example.org"
    system.save()
    assert authenticate(None, email="system@example.org", password="kapok-lantern-42") is None
    client.force_login(system, backend="silin.accounts.backends.PasswordBackend")
    assert client.get("/desk/").wsgi_request.user.is_anonymous


def test_a_person_never_holds_a_post_of_systems_nor_a_system_one_of_people(here: Town) -> None:
    system = hotline(here)[0].user
    post = Post.objects.get(kind="hotline")
    assert code_of(appoint, post, here.chen, actor=None, now=MONDAY) == "system_post"
    assert code_of(appoint, here.worker_post, system, actor=None, now=MONDAY) == "system_post"
    assert code_of(add_post, "hotline", here.community, actor=None, now=MONDAY) == "bad_post"


def test_a_system_counts_as_nobody(here: Town, client: Browser) -> None:
    system = hotline(here)[0].user
    post = Post.objects.get(kind="hotline")
    assert find_people("热线", actor=here.zhou, now=MONDAY).is_empty
    assert post not in seats_of(here.community)
    Post.objects.filter(pk=post.pk).update(place=here.grid)
    assert post not in gaps(here.community, MONDAY).stranded
    client.force_login(here.zhou)
    assert "热线" not in client.get(f"/desk/posts/{here.community.code}/").content.decode()
    assert client.get(f"/desk/post/{post.pk}/").status_code == 404
    queue([Message("post_given", system, {"post": "", "place": ""})], now=MONDAY)
    assert not Notice.objects.filter(recipient=system).exists()


def test_a_call_is_counted_and_last_use_written_once_a_minute(here: Town) -> None:
    client, key = hotline(here, per_minute=2)
    first = clients.count_call(clients.find_client(key, MONDAY), MONDAY)
    assert (first.limit, first.left, first.seconds) == (2, 1, 60)
    soon = MONDAY + timedelta(seconds=20)
    assert statements(lambda: clients.count_call(clients.find_client(key, soon), soon)) == 2
    assert code_of(clients.count_call, client, MONDAY + timedelta(seconds=30)) == "too_many"
    assert Client.objects.get().last_used_at == MONDAY
    clients.count_call(clients.find_client(key, MONDAY), MONDAY + timedelta(seconds=70))
    assert Client.objects.get().last_used_at == MONDAY + timedelta(seconds=70)


def test_a_bureaus_system_belongs_to_its_bureau(here: Town, sun: User) -> None:
    bureau = Organisation.objects.create(name="城管局", kind="bureau", place=here.county)
    about = AboutClient("城管平台", "bureau_system", here.county, ("read", "act"), organisation=bureau)
    client, _key = make_client(about, actor=sun, now=MONDAY)
    assert Post.objects.get(kind="bureau_system").organisation == bureau
    assert not client.user.has_perm("matters.see", here.grid), "of the place it reads what it was called to"


def read(answer: Any) -> str:
    return str(answer.content.decode())


def let_in(browser: Browser, town: Town, **other: object) -> HttpResponseBase:
    said: dict[str, Any] = {
        "name": "12345 热线",
        "kind": "hotline",
        "place": town.community.code,
        "scopes": ["read", "raise"],
    }
    said |= {"per_minute": 60, "key": "01900000-0000-7000-8000-000000000001", **other}
    return browser.post("/desk/clients/new/", said)


def test_the_key_is_shown_on_the_next_page_and_never_again(here: Town, sun: User, client: Browser) -> None:
    client.force_login(sun)
    assert "还没有接入系统" in client.get("/desk/clients/").content.decode()
    there = let_in(client, here)["Location"]
    assert let_in(client, here)["Location"] == there, "sent twice it is one"
    made = Client.objects.get()
    first, again = (client.get(there).content.decode() for _look in range(2))
    key = first.partition("<code")[2].partition(">")[2].partition("<")[0]
    assert clients.find_client(key, timezone.now()) == made
    assert key not in again
    assert client.post(there, {"do": "renew", "until": ""})["Location"] == there
    assert code_of(clients.find_client, key, timezone.now()) == "key_unknown"
    client.post(there, {"do": "end"})
    assert "停用" in client.get("/desk/clients/").content.decode()
    assert client.post(there, {"do": "sing"}).status_code == 404


def test_what_is_wrong_in_the_form_is_said_at_its_field(here: Town, sun: User, client: Browser) -> None:
    client.force_login(sun)
    Place.objects.filter(pk=here.other.pk).update(name=here.community.name)
    wrong = {"place": "海边", "scopes": [], "until": "2020-01-01", "kind": "auditor", "name": "x" * 41}
    for field, value in wrong.items():
        assert let_in(client, here, **{field: value}).status_code == 400, field
    assert "几个地方" in read(let_in(client, here, place=here.community.name))
    assert not Client.objects.exists()


def test_nobody_else_sees_that_page(here: Town, client: Browser) -> None:
    row = hotline(here)[0]
    for user in (here.zhou, here.li, here.chen):
        client.force_login(user)
        for page in ("", "new/", f"{row.pk}/"):
            assert client.get(f"/desk/clients/{page}").status_code == 404
            assert client.post(f"/desk/clients/{page}", {"do": "end"}).status_code in (404, 405)
    assert Client.objects.get().ended_at is None
