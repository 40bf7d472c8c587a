"""The duty sheet: which bureau leads which of the 133, and where it is red."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from silin.assessment.models import Catalogue
from silin.assessment.tests.test_desk import OCTOBER, ON_TIME, closed, measured, page
from silin.people.actions import add_post, appoint
from silin.people.models import Organisation
from silin.people.organisations import About, add_organisation
from tests.town import MONDAY, Town
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
LEADS = "市委政法委"


def test_each_bureau_reads_what_it_leads_its_own_first(town: Town) -> None:
    closed(town.community.code, on_time=1, late=9)
    measured()
    there = f"/desk/assessment/{town.city.code}/duties/{OCTOBER}"
    said = page(town.zhou, there)
    assert "133 项指标" in said
    assert "本单位" not in said
    assert said.index(LEADS) < said.index("市应急管理局"), "who leads most comes first"
    about = About("市应急管理局", Organisation.Kind.BUREAU)
    bureau = add_organisation(town.city, about, actor=None, now=MONDAY)
    seat = add_post("county_clerk", town.county, serial=9, organisation=bureau, actor=None, now=MONDAY)
    appoint(seat, town.zhou, actor=None, now=MONDAY)
    said = page(town.zhou, there)
    assert said.index("市应急管理局") < said.index("本单位") < said.index(LEADS)


def test_the_spreadsheet_has_every_indicator_with_its_lead_and_light(town: Town) -> None:
    closed(town.community.code, on_time=1, late=9)
    measured()
    answered = client_of(town.zhou).get(f"/desk/assessment/{town.city.code}/duties.xlsx{OCTOBER}")
    rows = list(load_workbook(io.BytesIO(answered.content)).active.iter_rows(values_only=True))
    by_code = {row[1]: row for row in rows}
    assert sum(str(row[1]).count(".") == 2 for row in rows) == 133
    assert (by_code[ON_TIME][0], by_code[ON_TIME][4], by_code[ON_TIME][5]) == (LEADS, "10%", "red")


def test_before_anything_was_measured_it_says_so(town: Town) -> None:
    there = f"/desk/assessment/{town.city.code}/duties/"
    assert "133 项指标" in page(town.zhou, f"{there}?period=2026-10")
    Catalogue.objects.all().delete()
    assert "没有生效的指标体系" in page(town.zhou, f"{there}?period=2026-10")


def test_a_stranger_does_not_find_it(town: Town) -> None:
    for address in ("duties/", "duties.csv"):
        there = f"/desk/assessment/{town.city.code}/{address}"
        for who in (town.chen, town.stranger, town.li):
            assert client_of(who).get(there).status_code == 404
        assert Client(SERVER_NAME="localhost").get(there).status_code == 302
