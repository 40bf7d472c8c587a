"""The columns of the register as an office keeps it, for a spreadsheet and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.table import of
from silin.lib.dates import day_words
from silin.matters.models import Matter, State


def heads() -> list[str]:
    """What stands above the columns."""
    return [
        _("Serial number"),
        _("Problem"),
        _("Source"),
        _("Responsible unit"),
        _("Who answers"),
        _("In charge"),
        _("Measure"),
        _("To be done by"),
        _("Progress"),
        _("Struck off on"),
        _("Who checked it"),
        _("Look back"),
    ]


def rows_of(matters: Iterable[Matter]) -> Iterator[list[str]]:
    """A row for each, numbered from 1 on."""
    for n, matter in enumerate(matters, 1):
        row = of(matter)
        yield [
            str(n),
            f"{matter.title}: {matter.words}" if matter.words != matter.title else matter.title,
            source(row),
            str(row.unit),
            str(matter.holder or ""),
            row.in_charge,
            row.measure,
            day_words(row.deadline),
            progress(matter),
            struck_off(matter),
            checked(row),
            looked(row),
        ]


def source(row: Rectification) -> str:
    """Who set it, by which reference, and what was measured."""
    said = [str(row.setter) if row.setter else "", row.reference, row.period]
    if row.measured:
        said.append(_("measured %(measured)s") % {"measured": row.measured})
    if row.target:
        said.append(_("target %(target)s") % {"target": row.target})
    if row.self_reported:
        said.append(_("found by the unit itself"))
    return " · ".join(filter(None, said))


def progress(matter: Matter) -> str:
    """How far it has come, in a few words."""
    row = of(matter)
    if matter.state in (State.RAISED, State.ASSIGNED):
        return _("no measure yet")
    if matter.state == State.ANSWERED:
        return _("applied, to be checked")
    if matter.state == State.CLOSED:
        return _("struck off")
    again = _("fell back, in hand again") if row.fell else _("being put right")
    return f"{again} · {day_words(row.done_by)}" if row.done_by else again


def struck_off(matter: Matter) -> str:
    """When it was struck off."""
    return _day(matter.closed_at) if matter.state == State.CLOSED else ""


def checked(row: Rectification) -> str:
    """Who checked it and how."""
    if not row.check_how or row.matter.state != State.CLOSED:
        return ""
    return f"{row.checked_by or ''} {row.get_check_how_display()}".strip()


def looked(row: Rectification) -> str:
    """What the look back said, or the day on which it is due."""
    if row.looked_at is not None:
        said = f"{_day(row.looked_at)} {row.get_look_display()}"
        return f"{said} {row.measured_again}".strip()
    due = row.matter.look_back_on
    return _("due on %(day)s") % {"day": day_words(due)} if due else ""


def _day(moment: datetime | None) -> str:
    return day_words(localdate(moment)) if moment is not None else ""
