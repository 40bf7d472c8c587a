"""Set-up tables: who gets in, that every save is a verb with its line, and that nobody's change is lost."""

from __future__ import annotations

import html
import re
from datetime import date
from html import unescape
from threading import Barrier, Thread
from typing import Any, cast

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connections, models
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts.models import User
from silin.history.models import Entry
from silin.kinds.dispute.models import RiskRule
from silin.lib.held import kept_models
from silin.matters.models import Category, FollowUp, ReviewTag, SignRule, WatchedWord, WhistleRule
from silin.notices.models import SmsTemplate
from silin.operation.admin import Numbers
from silin.operation.tables import RIGHTS, SYSTEM, Table, site
from silin.operation.words import NUMBERS
from silin.people.actions import add_post, appoint
from silin.people.models import PostKind
from silin.people.organisations import About, add_organisation
from silin.places.models import DayOff, FacilityKind, NetKind, Number
from silin.places.numbers import number
from tests import town
from tests.town import MONDAY, Town

CHANGES: dict[type[models.Model], dict[str, str]] = {
    SmsTemplate: {"number": "SMS_77"},
    FacilityKind: {"title": "老年食堂"},
    NetKind: {"title": "老党建网"},
    Number: {"value": "12"},
    DayOff: {"name": "春节"},
    PostKind: {"title": "网格联络员"},
    Category: {"handle_days": "9"},
    WhistleRule: {"active": "False"},
    SignRule: {"valid_until": "2099-02-01"},
    WatchedWord: {"why": "说的是谁家"},
    ReviewTag: {"name": "来得快"},
    FollowUp: {"grade_at_most": "1"},
    RiskRule: {"look_days": "9"},
}
"""What the test changes in a row of each table; a new table needs a line here."""
TABLES = list(CHANGES)


@pytest.fixture
def here(db: None) -> Town:
    return people(town.build())


def people(built: Town) -> Town:
    """Sun looks after the system, He after the rights; a row in each table that comes empty."""
    for name, kind in (("孙志远", "system_admin"), ("何静", "security_admin")):
        post = add_post(kind, built.city, actor=None, now=MONDAY)
        appoint(post, town.person(name), actor=None, now=MONDAY)
    SmsTemplate.objects.create(name="sign_in_code", number="SMS_1", blanks="code")
    Number.objects.create(name="matters.verify_days", value=5, valid_from=date(2099, 1, 1))
    bureau = add_organisation(built.street, About("街道城管所", "bureau"), actor=None, now=MONDAY)
    head = add_post("street_clerk", built.street, organisation=bureau, actor=None, now=MONDAY)
    SignRule.objects.create(organisation=bureau, head=head, valid_from=date(2099, 1, 1))
    WatchedWord.objects.get_or_create(word="户口本", defaults={"why": "像是个人的材料"})
    return built


def administrator(table: Table) -> User:
    return User.objects.get(name={SYSTEM: "孙志远", RIGHTS: "何静"}[table.capability])


def table_of(model: type[models.Model]) -> Table:
    return cast(Table, site._registry[model])


def row_of(model: type[models.Model]) -> Any:
    rows: Any = model._default_manager
    if model is Number:
        return rows.get(valid_from__year=2099)
    return rows.get(code="street_light") if model is Category else rows.order_by("pk").first()


def form_of(page: str) -> dict[str, Any]:
    """The fields of the form on a page, as a browser would send them back."""
    form = page.split('<form class="page stack"')[1].split("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {word}="([^"]*)"', tag) for word in ("name", "value"))
        ticks = 'type="checkbox"' in tag
        if name and (not ticks or " checked" in tag):
            said = unescape(value.group(1)) if value else "on" * ticks
            found.setdefault(name.group(1), []).append(said)
    for name_, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name_] = chosen.group(1) if chosen else ""
    return found


def test_set_up_tables_alone_are_registered() -> None:
    assert set(site._registry) == set(CHANGES)
    held = {kept.model for kept in kept_models()}
    for model, table in site._registry.items():
        assert model not in held, f"{model} is about people"
        to_people = [field for field in model._meta.get_fields() if field.related_model is User]
        assert to_people == [], f"{model} leads to accounts"
        mine = cast(Table, table)
        assert type(mine).save_model is Table.save_model
        assert hasattr(mine, "verb") or type(mine).write is not Table.write
        assert mine.kind
        assert mine.why
        assert mine.actions is None
    assert len({cast(Table, table).kind for table in site._registry.values()}) == len(TABLES)


@pytest.mark.parametrize("model", TABLES)
def test_a_save_is_a_verb_with_its_line(client: Client, here: Town, model: type[models.Model]) -> None:
    table, row = table_of(model), row_of(model)
    actor = administrator(table)
    client.force_login(actor)
    listed = client.get(table.url_of("changelist"))
    assert table.url_of("change", row) in listed.content.decode() or model in (Number, DayOff)
    page = client.get(table.url_of("change", row))
    lines = Entry.objects.count()
    said = {**form_of(page.content.decode()), "_save": "1"}
    assert client.post(table.url_of("change", row), said).status_code == 302
    assert Entry.objects.count() == lines, Entry.objects.latest("id").fields
    said = {**form_of(client.get(table.url_of("change", row)).content.decode()), **CHANGES[model]}
    answer = client.post(table.url_of("change", row), said)
    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    listed = client.get(table.url_of("changelist"))
    for cell in table.cells(row) if model is not DayOff else []:  # the days of a year fill several pages
        assert str(cell) in html.unescape(listed.content.decode().split("<main")[1]), cell
    line = Entry.objects.latest("id")
    assert line.actor == actor
    for name, value in CHANGES[model].items():
        assert str(getattr(row, name)).removesuffix(".0") == value
        assert str(line.fields["after"][name]).removesuffix(".0") == value
        assert name in line.fields["before"]
    assert not LogEntry.objects.exists()
    assert actor.name in client.get(table.url_of("history", row)).content.decode().split("<main")[1]


def test_what_a_list_shows_is_the_value(client: Client, here: Town) -> None:
    """Not only whether there is one."""
    client.force_login(administrator(table_of(Number)))
    shown = client.get(table_of(Number).url_of("changelist")).content.decode().split("<main")[1]
    assert ">0.7<" in shown
    assert "matters." not in shown
    assert set(Number.objects.values_list("name", flat=True)) <= set(NUMBERS)
    rules = client.get(table_of(WhistleRule).url_of("changelist")).content.decode()
    assert "镇街部门工作人员" in rules


@pytest.mark.parametrize("model", TABLES)
def test_nobody_deletes_and_nobody_else_gets_in(
    client: Client, here: Town, model: type[models.Model]
) -> None:
    table, row = table_of(model), row_of(model)
    start = table.url_of("changelist")
    addresses = [
        "/admin/",
        start,
        table.url_of("add"),
        table.url_of("change", row),
        table.url_of("history", row),
    ]
    n = model._default_manager.count()
    for person in (here.stranger, here.chen, here.wang, here.zhou):
        client.force_login(person)
        assert {client.get(address).status_code for address in addresses} == {404}
    other = {SYSTEM: "何静", RIGHTS: "孙志远"}[table.capability]
    client.force_login(User.objects.get(name=other))
    assert {client.get(address).status_code for address in addresses[1:]} == {404}
    client.force_login(administrator(table))
    assert {client.get(address).status_code for address in addresses} == {200}
    assert client.post(f"{table.url_of('change', row)}delete/", {"post": "yes"}).status_code == 404
    client.post(start, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model._default_manager.count() == n
    assert client.get(f"{start}nothing-of-the-sort/").status_code == 404


def test_its_own_way_in_is_closed(client: Client, here: Town, settings: Settings) -> None:
    for address in ("login/", "logout/", "password_change/", "jsi18n/", "autocomplete/"):
        assert client.get(f"/admin/{address}").status_code == 404
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/admin/")
    sun = User.objects.get(name="孙志远")
    client.force_login(sun, backend="silin.accounts.backends.PasswordBackend")
    assert client.get("/admin/")["Location"].startswith("/sign-in/second/?next=%2Fadmin%2F")


def test_a_new_row_and_one_that_is_there(client: Client, here: Town) -> None:
    client.force_login(administrator(table_of(FacilityKind)))
    url = table_of(FacilityKind).url_of("add")
    new = {"code": "bath", "title": "公共浴室", "title_en": "Public bath", "serial": "40"}
    assert client.post(url, new).status_code == 302
    line = Entry.objects.get(subject="facility_kind:bath")
    assert (line.action, line.fields["after"]["title"]) == ("add", "公共浴室")
    again = client.post(url, {**new, "title": "澡堂"})
    assert "澡堂" in again.content.decode()
    assert FacilityKind.objects.get(pk="bath").title == "公共浴室"


def test_who_comes_second_is_told_and_keeps_what_was_typed(client: Client, here: Town) -> None:
    client.force_login(administrator(table_of(Category)))
    url = table_of(Category).url_of("change", row_of(Category))
    first, second = (form_of(client.get(url).content.decode()) for _ in range(2))
    assert client.post(url, {**first, "handle_days": "4"}).status_code == 302
    told = client.post(url, {**second, "handle_days": "8"})
    page = told.content.decode()
    assert told.status_code == 409
    assert "有人改过了" in page
    assert form_of(page)["handle_days"] == ["8"]
    assert Category.objects.get(code="street_light").handle_days == 4
    assert client.post(url, form_of(page)).status_code == 302
    assert Category.objects.get(code="street_light").handle_days == 8
    changes = Entry.objects.filter(subject="category:street_light").order_by("seq")
    assert [line.fields["after"] for line in changes] == [{"handle_days": 4}, {"handle_days": 8}]


def test_numbers_count_from_today_on(client: Client, here: Town) -> None:
    client.force_login(administrator(table_of(Number)))
    row = Number.objects.get(name="matters.verify_days", valid_from__lt=date(2026, 1, 1))
    url, add = table_of(Number).url_of("change", row), table_of(Number).url_of("add")
    assert "不能" not in client.get(add).content.decode()
    assert '<form class="page stack"' not in client.get(url).content.decode()
    assert client.post(url, {"value": "1"}).status_code == 403
    today = timezone.localdate()
    said = {"name": row.name, "value": "3", "valid_from": str(today), "place": here.county.code}
    assert client.post(add, {**said, "valid_from": "2020-01-01"}).status_code == 400
    assert client.post(add, {**said, "place": "000"}).status_code == 200
    assert client.post(add, said).status_code == 302
    assert number(row.name, here.grid.path) == 3
    assert number(row.name, here.city.path) == 7
    assert client.post(add, said).status_code == 409
    assert set(NUMBERS) <= set(Number.objects.values_list("name", flat=True)), (
        "words of a number that is gone"
    )
    assert str(Numbers.labels["value"])


def test_a_day_follows_the_week_again(client: Client, here: Town) -> None:
    client.force_login(administrator(table_of(DayOff)))
    row = DayOff.objects.order_by("pk").first()
    assert row
    url = table_of(DayOff).url_of("change", row)
    said = form_of(client.get(url).content.decode())
    assert client.post(url, {**said, "kind": ""}).status_code == 302
    assert not DayOff.objects.filter(day=row.day).exists()


def test_nobody_gives_their_own_post_more(client: Client, here: Town) -> None:
    client.force_login(administrator(table_of(PostKind)))
    for code, more in (("security_admin", "matters.see"), ("auditor", "system.run")):
        url = table_of(PostKind).url_of("change", PostKind.objects.get(pk=code))
        said = form_of(client.get(url).content.decode())
        said["capabilities"] = [*said["capabilities"], more]
        assert client.post(url, said).status_code in (400, 403)
        assert more not in PostKind.objects.get(pk=code).capabilities


def test_two_administrators_at_once(live_db: str) -> None:
    people(town.build())
    table, start, answers = table_of(Category), Barrier(2), []
    url, actor = table.url_of("change", row_of(Category)), administrator(table)
    clients = [Client(), Client()]
    for each in clients:
        each.force_login(actor)
    forms = [form_of(each.get(url).content.decode()) for each in clients]

    def save(at: int) -> None:
        try:
            start.wait()
            answers.append(clients[at].post(url, {**forms[at], "handle_days": str(4 + at)}).status_code)
        finally:
            connections.close_all()

    threads = [Thread(target=save, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert Entry.objects.filter(subject="category:street_light").count() == 1
