"""Organisations on desk pages: put down, changed, joined, running an estate, closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from silin.accounts.models import User
from silin.people.models import AllianceMember, Organisation, Running
from silin.places.facility_actions import add_block, add_facility
from silin.places.models import FacilityKind
from tests.counting import statements
from tests.town import MONDAY, Town, build


@pytest.fixture
def here(db: None) -> Town:
    return build()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def list_of(town: Town) -> str:
    return f"/desk/organisations/{town.community.code}/"


def put_down(client: Client, town: Town, name: str, kind: str) -> Organisation:
    answer = client.post(list_of(town), {"name": name, "kind": kind, "telephone": "0917-3330000"})
    assert answer.status_code == 303, answer.content.decode()
    return Organisation.objects.get(name=name)


def test_a_company_is_put_down_and_runs_an_estate(here: Town) -> None:
    zhou = signed_in(here.zhou)
    firm = put_down(zhou, here, "安居物业", "property")
    page = f"/desk/organisation/{firm.pk}/"
    run = {"do": "run", "estate": str(here.building.estate_id), "role": "owners_committee"}
    answer = zhou.post(page, run)
    assert answer.status_code == 400
    assert "不属于“业主委员会”" in answer.content.decode()
    assert zhou.post(page, {**run, "role": "property_company"}).status_code == 303
    estate = f"/desk/estates/{here.building.estate_id}/runs/"
    assert "安居物业" in signed_in(here.li).get(estate).content.decode()
    running = Running.objects.get()
    assert zhou.post(page, {"do": "stop", "row": str(running.pk)}).status_code == 303
    shown = signed_in(here.li).get(estate).content.decode()
    assert "还没登记谁在管" in shown
    assert "安居物业" in shown.partition("以前谁管过")[2]
    for wrong in ("", "x", str(firm.pk)):
        assert zhou.post(page, {"do": "stop", "row": wrong}).status_code == 404
    assert zhou.post(page, {"do": "dance"}).status_code == 404


def test_who_runs_estate_block_and_shop_is_kept_with_its_days(here: Town) -> None:
    zhou, li = signed_in(here.zhou), signed_in(here.li)
    by: dict[str, Any] = {"actor": None, "now": MONDAY}
    firm, street = put_down(zhou, here, "安居物业", "property"), put_down(zhou, here, "商户会", "self_rule")
    block = add_block(here.community, "柳巷东段", **by)
    shop = add_facility(here.grid, {"kind": FacilityKind.objects.get(pk="shop"), "name": "老王五金"}, **by)
    estate, register = here.building.estate_id, f"/desk/places/{here.community.code}/"
    for role, body, runs, page in (
        ("property_company", firm, f"/desk/estates/{estate}/runs/", f"{register}estates/{estate}/"),
        ("self_rule", street, f"/desk/blocks/{block.pk}/runs/", f"{register}blocks/{block.pk}/"),
        ("keeper", firm, f"/desk/facilities/{shop.pk}/runs/", f"{register}facilities/{shop.pk}/"),
    ):
        assert "还没登记谁在管" in li.get(page).content.decode()
        sent = {"role": role, "organisation": str(body.pk), "since": "2024-05-06"}
        assert "请选" in zhou.post(runs, {**sent, "role": "king"}).content.decode()
        assert zhou.post(runs, sent).status_code == 303
        assert zhou.post(runs, sent).status_code == 303
        told = li.get(page).content.decode()
        assert body.name in told
        assert f'href="{runs}"' in told
        assert li.post(runs, sent).status_code == 403
        end = {"do": "stop", "row": str(body.runs.get(valid_until=None).pk)}
        wrong = zhou.post(runs, {**end, "on": "2024-05-01"})
        assert (wrong.status_code, "早于" in wrong.content.decode()) == (400, True)
        assert zhou.post(runs, {**end, "on": "2025-06-07"}).status_code == 303
        assert "2025" in li.get(runs).content.decode().partition("以前谁管过")[2]
        assert body.name not in li.get(page).content.decode()
        for user in (here.chen, here.stranger):
            assert signed_in(user).get(runs).status_code == 404
            assert signed_in(user).post(runs, sent).status_code == 404
        assert statements(li, runs) <= 12
    assert Running.objects.count() == 3


@pytest.mark.parametrize("kind", Organisation.ALLIANCES)
def test_an_alliance_gets_members(here: Town, kind: str) -> None:
    zhou = signed_in(here.zhou)
    alliance = put_down(zhou, here, "柳巷共建", kind)
    shop = put_down(zhou, here, "一家店", "enterprise")
    page = f"/desk/organisation/{alliance.pk}/"
    assert zhou.post(page, {"do": "join", "organisation": str(shop.pk)}).status_code == 303
    assert "一家店" in zhou.get(page).content.decode().partition("成员单位")[2]
    assert "加入了" in zhou.get(f"/desk/organisation/{shop.pk}/").content.decode()
    member = AllianceMember.objects.get()
    assert zhou.post(page, {"do": "leave", "row": str(member.pk)}).status_code == 303
    assert AllianceMember.objects.filter(valid_until=None).count() == 0


def test_what_was_typed_stays(here: Town) -> None:
    zhou = signed_in(here.zhou)
    put_down(zhou, here, "安居物业", "property")
    answer = zhou.post(list_of(here), {"name": "安居物业", "kind": "property", "address": "柳巷 1 号"})
    assert answer.status_code == 400
    assert "同名的单位" in answer.content.decode()
    assert 'value="柳巷 1 号"' in answer.content.decode()


def test_changing_and_closing(here: Town) -> None:
    zhou = signed_in(here.zhou)
    firm = put_down(zhou, here, "安居物业", "property")
    page = f"/desk/organisation/{firm.pk}/"
    about = {"do": "change", "name": "安居新物业", "kind": "property"}
    assert zhou.post(page, about).status_code == 303
    assert zhou.post(page, {"do": "close"}).status_code == 303
    assert "安居新物业" not in zhou.get(list_of(here)).content.decode()
    assert "安居新物业" in zhou.get(list_of(here) + "?closed=1").content.decode()
    assert "撤岗日期" not in zhou.get(list_of(here)).content.decode()


def test_who_may_look_and_who_may_change(here: Town) -> None:
    firm = put_down(signed_in(here.zhou), here, "安居物业", "property")
    pages = [
        list_of(here),
        f"/desk/organisation/{firm.pk}/",
        f"/desk/estates/{here.building.estate_id}/runs/",
    ]
    for page in pages:
        assert signed_in(here.li).get(page).status_code == 200
        for user in (here.wang, here.leader, here.chen, here.stranger):
            assert signed_in(user).get(page).status_code == 404
    for page in pages[:2]:
        assert signed_in(here.li).post(page, {"do": "close"}).status_code == 403
        assert signed_in(here.wang).post(page, {"do": "close"}).status_code == 404


def test_the_pages_keep_their_budget(here: Town) -> None:
    zhou = signed_in(here.zhou)
    firm = put_down(zhou, here, "安居物业", "property")
    counts = []
    for name in ("甲", "乙"):
        put_down(zhou, here, f"{name}店", "enterprise")
        counts.append(statements(zhou, list_of(here)))
    assert counts[0] == counts[1] <= 10
    assert statements(zhou, f"/desk/organisation/{firm.pk}/") <= 13
