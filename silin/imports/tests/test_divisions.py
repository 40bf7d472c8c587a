"""Divisions by spreadsheet: what is exported changes nothing, a new name and a new community come in."""

from __future__ import annotations

from collections.abc import Sequence

from django.test import Client

from silin.imports.models import Batch
from silin.imports.tests.files import opened, sent, xlsx
from silin.places.models import Place
from tests.town import Town

SHEET = "/desk/imports/divisions/"
HEAD = ["代码", "名称", "层级", "上级代码"]
OTHER_HEAD = ["统计用区划代码", "单位名称", "级别", "上级区划代码"]


def send(client: Client, town: Town, rows: Sequence[Sequence[str]]) -> Batch:
    """Send a spreadsheet of divisions; the batch that came of it."""
    answer = client.post(SHEET, {"place": town.city.code, "file": sent(xlsx(rows), "区划.xlsx")})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def bring_in(client: Client, batch: Batch) -> None:
    """Press the button."""
    assert client.post(f"/desk/imports/batches/{batch.pk}/", {"do": "all"}).status_code == 302


def test_the_export_renamed_and_longer_by_a_line(zhou: Client, town: Town) -> None:
    page = opened(b"".join(zhou.get(f"{SHEET}export/")))
    rows = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert [title.rstrip("*") for title in rows[0]] == HEAD
    batch = send(zhou, town, rows)
    assert (batch.new, batch.changed, batch.unchanged, batch.bad) == (0, 0, 5, 0), batch.shown
    renamed = [["河沿新村社区居委会" if "河沿" in cell else cell for cell in row] for row in rows]
    batch = send(zhou, town, [*renamed, ["990102001003", "桥头社区居委会", "社区", town.street.code]])
    assert (batch.new, batch.changed, batch.bad) == (1, 1, 0), batch.shown
    bring_in(zhou, batch)
    town.other.refresh_from_db()
    assert town.other.name == "河沿新村社区居委会"
    assert Place.objects.get(code="990102001003").parent == town.street


def test_mistakes_of_divisions_are_told_by_cell(zhou: Client, town: Town) -> None:
    rows = [
        OTHER_HEAD,
        ["110102001003", "外地社区", "社区", ""],
        ["990102009001", "没有街道的社区", "社区", "990102009000"],
        ["990102001004", "错级社区", "街道", town.street.code],
        ["990102001005", "", "社区", town.street.code],
    ]
    batch = send(zhou, town, rows)
    assert (batch.new, batch.bad) == (0, 4), batch.shown
    titles = {each["line"]: each["title"] for each in batch.shown["problems"]}
    assert titles == {2: "代码", 3: "上级代码", 4: "层级", 5: "名称"}
