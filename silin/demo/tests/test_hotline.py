"""Three hundred orders of a hotline, as people say it: understood, placed, and no two of them alike."""

from __future__ import annotations

from collections import Counter
from datetime import date

from silin.demo.blocks import quarters
from silin.demo.hotline import HEADS, ORDERS, orders
from silin.demo.words import leaves
from silin.imports.flow import check, get_sheet, scope_of
from silin.lib.sheets.reading import read_table
from silin.lib.sheets.writing import table
from silin.matters.hotline import Sorting, hotlines
from silin.places.addressing import Gazetteer
from silin.places.models import Building, Estate
from tests.house.world import hotline
from tests.town import MONDAY, build

DAY = date(2026, 10, 19)
PLACED, SORTED = 0.6, 0.97


def test_a_whole_sheet_is_understood_and_placed(db: None) -> None:
    town, area = build(), quarters()[0]
    hotline(MONDAY)
    for home in area.estates:
        estate = Estate.objects.create(place=town.community, name=home.name)
        numbers = [str(each.number) for each in home.houses]
        Building.objects.bulk_create([Building(estate=estate, grid=town.grid, number=n) for n in numbers])
    lines = orders([area], {area.code: ("柳巷街道", "柳巷社区")}, DAY)
    said = Counter(line[5] for line in lines)
    assert len(lines) == ORDERS
    assert max(said.values()) == 1
    assert max(Counter(line[4] for line in lines).values()) <= 2
    checked = check(
        get_sheet("matters"),
        scope_of(town.street, town.guo, MONDAY),
        read_table(table("12345", HEADS, lines)),
    )
    rows = [change.after for change in checked.differences.changes]
    assert len(rows) + len(checked.reading.bad_lines()) == ORDERS
    assert len(rows) >= SORTED * ORDERS
    gazetteer = Gazetteer(town.street)
    found = [gazetteer.find(row["address"], row["area"]) for row in rows]
    assert sum(each is not None and each.estate is not None for each in found) >= PLACED * ORDERS
    sorting, system = Sorting(hotlines(MONDAY)), hotlines(MONDAY)[0]
    codes = {category.pk for row in rows if (category := sorting.category(system, row))}
    assert len(codes & set(leaves())) >= 25
