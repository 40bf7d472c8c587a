"""The orders of a hotline as a table that comes in: its columns are called as that hotline calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from silin.lib.refusal import Refused
from silin.lib.sheets import columns, moments
from silin.lib.sheets.columns import LANDLINE
from silin.lib.sheets.removing import stays
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.matters.deeds import By
from silin.matters.hotline import (
    Bringing,
    Sorting,
    called_lately,
    digest_of,
    due_after,
    end_of,
    hotline_of,
    hotlines,
    of_day,
    place_of,
    read_term,
    said,
    tickets_named,
)
from silin.matters.models import OutsideSystem, Ticket
from silin.matters.outside import TOUCHED, read_ticket, recall, systems
from silin.matters.outside_fields import FIELDS
from silin.people.revealing import note_taking_out
from silin.places.addressing import Gazetteer
from silin.places.sheeting import problem

KEPT_DAYS = 92
LATELY_DAYS = 14
SAME = ("called", "caller", "phone", "area", "address", "withheld")
"""What an order says once: sent again, it changes nothing here."""


def load(scope: Scope) -> dict[Key, Values]:
    """The orders of the last three months whose matters lie at the place."""
    rows = Ticket.objects.filter(
        system__kind=OutsideSystem.Kind.HOTLINE, at__gte=of_day(scope.now, KEPT_DAYS)
    )
    rows = rows.filter(matter__placed_path__gte=scope.path, matter__placed_path__lt=f"{scope.path}a")
    return {(row.number, row.system_id): _values(row) for row in rows.with_matters().order_by("at", "pk")}


def find(scope: Scope, rows: Sequence[Values]) -> dict[Key, Values]:
    """Of the orders that lines name, those that are here; what one does not compare is as the line says."""
    by_key = {ORDERS.key_of(row): row for row in rows}
    found: dict[Key, Values] = {}
    for key, ticket in tickets_named(key for key in by_key if all(key)).items():
        if ticket.matter.placed_path.startswith(scope.path):
            line = by_key[key]
            known = _values(ticket) | {name: line[name] for name in SAME if name in line}
            if line.get("withheld") and not ticket.matter.name_withheld:
                known["withheld"] = False
            if digest_of(line) == ticket.digest or not said(line)[1]:
                known |= {name: line[name] for name in ("title", "words") if name in line}
            found[key] = known
    return found


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether each order comes from a hotline, says something, is of a category, and is nobody else's."""
    sorting = Sorting(hotlines(scope.now))
    new = [row for row in rows if ORDERS.key_of(row.values) not in known]
    elsewhere = tickets_named(ORDERS.key_of(row.values) for row in new if row.values.get("system"))
    for row in rows:
        try:
            system = hotline_of(row.values, scope.now)
        except Refused as refusal:
            yield problem(row, "system", refusal.code, str(refusal.message))
            continue
        if ORDERS.key_of(row.values) in known:
            continue
        if ORDERS.key_of(row.values) in elsewhere:
            what = _("Another desk has brought in this order.")
            yield problem(row, "ticket", "taken", what, _("Take the line out, or ask the desk above."))
        elif not said(row.values)[1]:
            yield problem(row, "words", "missing", _("It does not say what it is about."))
        elif sorting.category(system, row.values) is None:
            what = _("Neither the type nor the words say what it is about.")
            mend = _("Write another type, or have the type of the hotline put beside a category of ours.")
            yield problem(row, "type", "no_category", what, mend)


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """Each new order becomes a matter, one that is here is told more."""
    bringing = Bringing(scope, changes)
    for change in scope.watched(changes):
        bringing.bring(change)


def remove(scope: Scope, rows: Sequence[Row]) -> Iterator[CellProblem]:
    """Take the matters back that nobody has had a hand in."""
    tickets = tickets_named(ORDERS.key_of(row.values) for row in rows)
    for row in rows:
        try:
            recall(tickets[ORDERS.key_of(row.values)].matter, By(scope.actor, scope.now))
        except Refused:
            yield stays(row.line, str(TOUCHED))


def foretell(scope: Scope, changes: Sequence[Change]) -> Iterator[str]:
    """What a look at the lines one by one would show: where they lie, who called before, what came again."""
    new = [change.after for change in changes if change.before is None]
    again = len(changes) - len(new)
    if again:
        words = ngettext(
            "%(n)s order is here already and says something else now: it is a word more in its matter.",
            "%(n)s orders are here already and say something else now: each is a word more in its matter.",
            again,
        )
        yield words % {"n": again}
    gazetteer = Gazetteer(place_of(scope))
    lost = sum(gazetteer.find(row.get("address") or "", row.get("area") or "") is None for row in new)
    if lost:
        words = ngettext(
            "The address of %(n)s order names nothing here: it comes to your own desk, to be sent on.",
            "The addresses of %(n)s orders name nothing here: they come to your own desk, to be sent on.",
            lost,
        )
        yield words % {"n": lost}
    if before := called_lately(new, scope, of_day(scope.now, LATELY_DAYS)):
        words = ngettext(
            "%(n)s of the callers has something open here already; its matter shows what may be the same.",
            "%(n)s of the callers have something open here already; the matters show what may be the same.",
            before,
        )
        yield words % {"n": before}


def taken_out(scope: Scope, rows: int) -> None:
    """Write down that somebody took out what callers said."""
    note_taking_out(place_of(scope), "matters", rows, actor=scope.actor, now=scope.now)


def tidy(values: dict[str, Any]) -> None:
    """The hotline of a line by its code, a time limit in words as the moment at which it is over."""
    due = values.get("due")
    if isinstance(due, str):
        term, called = read_term(due), values.get("called")
        values["due"] = due_after(called, term) if term is not None and called is not None else None
    elif due is not None:
        values["due"] = end_of(due)
    named = values.get("system") or ""
    every = [each for each in systems() if each.is_hotline]
    found = [each.pk for each in every if named in (each.pk, each.name, each.name_en)] if named else []
    values["system"] = found[0] if found else named or (every[0].pk if len(every) == 1 else "")


def headings() -> dict[str, str]:
    """The headings that the hotlines' own rows give to our columns."""
    known = {column.name for column in ORDERS.columns}
    rows = [row for each in systems() if each.is_hotline for row in each.columns]
    return {heading: field for heading, field, _fixed in rows if field in known}


def _values(ticket: Ticket) -> dict[str, Any]:
    """An order as a line says it; nothing of who called."""
    matter = ticket.matter
    return {
        "system": ticket.system_id,
        "ticket": ticket.number,
        "called": ticket.called_at,
        "title": matter.title,
        "words": matter.words,
        "type": ticket.type_name,
        "area": "",
        "address": " ".join(filter(None, [str(matter.building or ""), matter.spot])),
        "unit": ticket.unit_name,
        "due": ticket.due_at,
        "wants_call": ticket.wants_call,
        "withheld": matter.name_withheld,
    }


def _text(name: str, most: int, **more: Any) -> Column:
    return columns.text(name, FIELDS[name].title, most=most, also=FIELDS[name].also, **more)


def _due() -> Column:
    note = gettext_lazy("a day, a moment, or a limit like 5个工作日; it stands beside our own clock")
    made = moments.moment("due", FIELDS["due"].title, also=FIELDS["due"].also, note=note, keeps=True)
    read = made.read
    return replace(made, read=lambda cell: cell.strip() if read_term(cell) is not None else read(cell))


def _phone() -> Column:
    """A mobile number; a fixed one is not kept: the hotline reaches them by the number of the order."""
    note = gettext_lazy("a mobile number; of a fixed one the hotline keeps account")
    field = FIELDS["phone"]
    made = columns.phone("phone", field.title, also=field.also, note=note, secret=True)
    read = made.read

    def mobile(cell: str) -> str | None:
        digits = re.sub(r"[\s()（）]", "", cell)
        return None if LANDLINE.fullmatch(digits) else read(cell)

    return replace(made, read=mobile)


def _ticket() -> Column:
    field = FIELDS["ticket"]
    made = columns.text("ticket", field.title, most=40, also=field.also, key=True, required=True, width=22)
    return replace(made, read=lambda cell: read_ticket(cell) if cell.strip() else "")


def _yes_no(name: str) -> Column:
    return columns.yes_no(name, FIELDS[name].title, also=FIELDS[name].also, keeps=True)


ORDERS = Sheet(
    key="matters",
    title=gettext_lazy("Orders of the hotline"),
    about=gettext_lazy(
        "The morning's sheet of the 12345 hotline: each order becomes a matter, or a word more."
    ),
    capability="matters.triage",
    columns=[
        _ticket(),
        moments.moment("called", FIELDS["called"].title, also=FIELDS["called"].also, keeps=True, width=20),
        _text("caller", 60, secret=True),
        _phone(),
        _text("title", 120, width=28, keeps=True),
        _text("words", 2000, width=60, keeps=True),
        _text("type", 60, keeps=True),
        _text("area", 60, keeps=True),
        _text("address", 120, width=32, keeps=True),
        _text("unit", 80, keeps=True),
        _due(),
        _yes_no("wants_call"),
        _yes_no("withheld"),
        columns.text(
            "system",
            gettext_lazy("Which hotline"),
            most=40,
            note=gettext_lazy("its code; only where there are several"),
            key=True,
        ),
    ],
    load=load,
    find=find,
    headings=headings,
    final=gettext_lazy("What the hotline said more stays in the story of its matter."),
    write=write,
    check=check,
    remove=remove,
    foretell=foretell,
    taken_out=taken_out,
    tidy=tidy,
    after=("categories",),
)
