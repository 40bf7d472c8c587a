"""The lists of rectifications on the screen, as a spreadsheet and on paper, and the story of one."""

from __future__ import annotations

from datetime import datetime

from silin.history.models import Entry
from silin.kinds.rectification.tests.conftest import HEADING, MEASURE, planned, struck_off
from silin.kinds.rectification.tests.test_rectification import PAGE, signed_in
from tests.town import Town


def test_the_lists_go_out_as_sheets_and_on_paper(town: Town, now: datetime) -> None:
    planned(town, now, heading="=1+1", measured="@x")
    client = signed_in(town.guo)
    csv = b"".join(client.get("/desk/rectify/list.csv?list=register")).decode()
    assert MEASURE in csv
    assert ",=1+1" not in csv
    assert ",@x" not in csv
    assert client.get("/desk/rectify/list.xlsx?list=register").content[:2] == b"PK"
    assert client.get("/desk/rectify/list.pdf").status_code == 404
    paper = client.get("/desk/rectify/print/?list=register").text
    assert MEASURE in paper
    assert "填表人" in paper
    assert "没有" in client.get("/desk/rectify/?list=struck").text
    assert HEADING not in client.get("/desk/rectify/?list=register&at=000").text
    assert "=1+1" in client.get(f"/desk/rectify/?list=register&at={town.county.code}").text


def test_the_story_says_who_did_what(town: Town, now: datetime) -> None:
    matter = struck_off(town, now)
    page = signed_in(town.li).get(PAGE.format(matter.number)).text
    for words in ("下达", "整改措施", "申请销号", "现场", "销号"):
        assert words in page
    assert Entry.objects.filter(subject=matter.subject).count() == 4
