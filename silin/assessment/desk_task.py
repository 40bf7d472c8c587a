"""One task of the catalogue at one place: its items place by place, what is red by bureau, what is being put
right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from silin.assessment.asking import Asked
from silin.assessment.desk_card import held_card
from silin.assessment.desk_heat import ACROSS_AT_MOST, Cell, cell, rows_of
from silin.assessment.desk_league import frame, rounded, tasks_menu
from silin.assessment.models import Catalogue, Heading, Indicator, Scorecard
from silin.assessment.reading import Figure
from silin.kinds.rectification import queries as rectifications
from silin.kinds.rectification import sheet_rows
from silin.kinds.rectification.raising import link_to
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.lib.sheets.answering import FORMS, list_answer
from silin.matters.showing import clock_of
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE
from silin.places.models import Place
from silin.places.queries import calendar

SIZE, CHUNK = 20, 500
PLACES_AT_MOST = 12


@dataclass(frozen=True)
class Where:
    """A place at which an indicator is red."""

    place: Place
    figure: Figure
    url: str


@dataclass(frozen=True)
class Red:
    """An indicator that is red somewhere, with every place where it is."""

    indicator: Indicator
    url: str
    places: list[Where]

    @property
    def first(self) -> list[Where]:
        """As many of the places as the page names."""
        return self.places[:PLACES_AT_MOST]

    @property
    def more(self) -> int:
        """How many places the page does not name."""
        return max(0, len(self.places) - PLACES_AT_MOST)


@dataclass(frozen=True)
class Answers:
    """A bureau with what is red of what it leads."""

    lead: str
    reds: list[Red]

    @property
    def n(self) -> int:
        """How many red lights it answers for: one for each place."""
        return sum(len(red.places) for red in self.reds)


@dataclass(frozen=True)
class Task:
    """A task at a place: its heading, what stands under it, the cards that are compared, the own one first.

    The cards are those of the place and of the places right below that take part; none where nothing was
    measured.
    """

    asked: Asked
    catalogue: Catalogue
    heading: Heading
    headings: list[Heading]
    indicators: list[Indicator]
    cards: list[Scorecard]

    @property
    def items(self) -> list[tuple[Heading, list[Cell]]]:
        """For each item one cell a card."""
        under = f"{self.heading.code}."
        items = [
            each for each in self.headings if each.level == Heading.Level.ITEM and each.code.startswith(under)
        ]
        return rows_of(items, self.indicators, self.cards)

    @property
    def whole(self) -> list[Cell]:
        """What each card reached in all of the task."""
        return [cell(self.indicators, card) for card in self.cards]

    @property
    def below(self) -> list[Scorecard]:
        """The cards of the places right below; the own one where nothing lies below."""
        return self.cards[1:] or self.cards

    def answers(self) -> list[Answers]:
        """Which bureau answers for which red lights, most first."""
        reds = [red for row in self.indicators if (red := self._red(row)).places]
        reds.sort(key=lambda red: red.indicator.lead)
        found = [Answers(lead, list(led)) for lead, led in groupby(reds, key=lambda red: red.indicator.lead)]
        return sorted(found, key=lambda each: (-each.n, each.lead))

    def _red(self, row: Indicator) -> Red:
        figures = [(card.place, Figure.of(row, card)) for card in self.below]
        places = [
            Where(place, figure, self.asked.indicator_url(row.code, code=place.code))
            for place, figure in figures
            if figure.light == "red"
        ]
        return Red(row, self.asked.indicator_url(row.code), places)


@for_posts(SEE)
@require_safe
def task(request: HttpRequest, code: str, task: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the league: one task, what is red in it, what they may read of it."""
    asked, now = Asked.of(request, viewer(request), code), timezone.now()
    held, own = held_card(asked)
    found = _found(asked, held.catalogue if held is not None else None, task, own)
    if form := request.GET.get("as"):
        return _sheet(found, request.GET.get("table", ""), form)
    matters = rectifications.open_under(asked.user, task, asked.root)
    page = page_by_key(matters, ("handle_due",), request.GET.get("after", ""), SIZE)
    days = calendar()
    context = {
        **frame(asked),
        "measured": held,
        "task": found,
        "columns": [
            (card.place, asked.task_url(task, code=card.place.code)) for card in _across(found.cards)
        ],
        "rows": [(item, _across(cells)) for item, cells in found.items],
        "whole": _across(found.whole),
        "cut": max(0, len(found.cards) - ACROSS_AT_MOST),
        "answers": found.answers(),
        "lines": [(matter, clock_of(matter, now, days), link_to(matter)) for matter in page.rows],
        "page": page,
        "tally": rectifications.tally(matters, now),
        "tasks_menu": tasks_menu(asked, found.headings),
        "crumb": asked.crumb(found.heading.title),
        "sheets": {name: _ways(asked, task, name) for name in TABLES},
    }
    return render(request, "assessment/desk/task.html", context)


def _found(asked: Asked, catalogue: Catalogue | None, code: str, own: Scorecard | None) -> Task:
    """The task by the catalogue of the period. Raises ``NotFound`` where it has none of that code."""
    catalogue = catalogue or Catalogue.objects.in_force(asked.period)
    headings: list[Heading] = [] if catalogue is None else list(catalogue.headings.all())
    heading = next((row for row in headings if (row.level, row.code) == (Heading.Level.TASK, code)), None)
    if catalogue is None or heading is None:
        raise NotFound
    indicators = [row for row in catalogue.indicators.all() if row.task == code]
    cards: list[Scorecard] = []
    if own is not None and own.set_up:
        below = Scorecard.objects.filter(
            period=asked.period.name, place__parent=asked.root, set_up=True
        ).select_related("place")
        own.place = asked.root
        cards = [own, *below.order_by("placed_path")]
    return Task(asked, catalogue, heading, headings, indicators, cards)


def _across(cells: Sequence[Any]) -> Sequence[Any]:
    return cells[: ACROSS_AT_MOST + 1]


def _ways(asked: Asked, task: str, table: str) -> list[tuple[str, str]]:
    return [(form.upper(), f"{asked.task_url(task)}&table={table}&as={form}") for form in FORMS]


def _sheet(found: Task, table: str, form: str) -> HttpResponseBase:
    """One of the tables as a spreadsheet. Raises ``NotFound`` for another table or form."""
    if table not in TABLES:
        raise NotFound
    heads, body = TABLES[table](found)
    asked = found.asked
    name = f"silin-{found.heading.code}-{table}-{asked.root.code}-{asked.period.name}"
    return list_answer(form, name, found.heading.code, heads, body)


Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def _items(found: Task) -> Table:
    """One line for each item and place."""
    heads = [_("Code"), _("Item"), _("Code of the place"), _("Place"), _("Points"), _("out of")]
    body = (
        [
            *(item.code, item.title, card.place.code, card.place.short_name),
            *(rounded(each.earned), rounded(each.out_of), each.red, each.yellow, each.green),
        ]
        for item, cells in found.items
        for card, each in zip(found.cards, cells, strict=True)
    )
    return [*heads, _("Red"), _("Yellow"), _("Green")], body


def _reds(found: Task) -> Table:
    """One line for each red light."""
    heads = [_("Lead"), _("Code"), _("Indicator"), _("Code of the place"), _("Place"), _("Value")]
    body = (
        [
            *(each.lead, red.indicator.code, red.indicator.title, where.place.code, where.place.short_name),
            *(where.figure.words, where.figure.num, where.figure.den),
        ]
        for each in found.answers()
        for red in each.reds
        for where in red.places
    )
    return [*heads, _("Numerator"), _("Denominator")], body


def _open(found: Task) -> Table:
    """What is not struck off, in the columns of the register."""
    rows = rectifications.open_under(found.asked.user, found.heading.code, found.asked.root)
    ordered = rows.order_by("handle_due", "pk").iterator(chunk_size=CHUNK)
    return sheet_rows.heads(), sheet_rows.rows_of(ordered)


TABLES: dict[str, Callable[[Task], Table]] = {"items": _items, "red": _reds, "open": _open}
