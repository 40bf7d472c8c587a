"""Two clerks and the hotline's sheet at the same moment: real threads, real commits, both databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from silin.history.queries import check
from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.imports.models import Batch
from silin.lib.refusal import Refused
from silin.matters.deeds import By
from silin.matters.models import Matter, Ticket
from silin.matters.outside import give_ticket
from silin.matters.raising import Report, raise_matter
from tests.house.world import hotline
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build

LINES = [
    "工单编号,诉求内容,地址",
    "BJ1,柳巷家园门口路灯不亮,柳巷家园5号楼",
    "BJ2,河沿北口垃圾没人收,河沿社区",
]


def sheet(town: Town, name: str) -> Batch:
    """The morning's sheet as a clerk of the street has sent it."""
    data = "\n".join(LINES).encode()
    return upload(get_sheet("matters"), town.street, data, name=name, by=town.guo, now=MONDAY)


def test_two_clerks_bring_the_same_sheet_in_at_once(live_db: str) -> None:
    town = build()
    hotline(MONDAY)
    batches = [sheet(town, f"{n}.csv") for n in range(4)]
    calls: list[Callable[[], object]] = [partial(commit, each, by=town.guo, now=MONDAY) for each in batches]
    done = at_once(calls)
    assert sum(isinstance(each, Batch) for each in done) == 1
    assert sum(isinstance(each, Refused) for each in done) == 3
    assert sorted(Ticket.objects.values_list("number", flat=True)) == ["BJ1", "BJ2"]
    assert Matter.objects.count() == 2
    assert check() == []


def test_a_number_given_to_two_matters_at_once_is_one_matters(live_db: str) -> None:
    town = build()
    system = hotline(MONDAY)
    matters = [
        raise_matter("report", By(town.chen, MONDAY), Report(f"{n}号灯不亮", town.lamp, place=town.grid))
        for n in range(5)
    ]
    by = By(town.li, MONDAY)
    done = at_once([partial(give_ticket, matter, by, system=system, number="CG1") for matter in matters])
    assert sum(isinstance(each, Matter) for each in done) == 1
    assert [each.code for each in done if isinstance(each, Refused)] == ["taken"] * 4
    ticket = Ticket.objects.get()
    assert "cg1" in Matter.objects.get(pk=ticket.matter_id).search
    assert Matter.objects.filter(search__contains="cg1").count() == 1
