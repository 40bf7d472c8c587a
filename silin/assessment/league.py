"""The league: places of one level by what they reached, among their peers, and what moved since before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Scorecard, Veto
from silin.assessment.periods import Period
from silin.lib.refusal import Words
from silin.places.models import Place
from silin.places.numbers import number

STANDARD = "assessment.standard_from"
EXCELLENT = "assessment.excellent_from"
RANKED = "assessment.rank_from"
VETO = "assessment.veto_on"
EXCELLENT_GRADE, STANDARD_GRADE, BELOW = 3, 2, 1
GRADES: dict[int | None, Words] = {
    EXCELLENT_GRADE: _("Excellent"),
    STANDARD_GRADE: _("Up to the standard"),
    BELOW: _("Below the standard"),
    None: _("Too little to say"),
}


@dataclass(frozen=True)
class Row:
    """One place of the league; ``rank`` is None where there is too little to go on.

    ``moved`` is places won (+) or lost (-) since the period before, None where it had no rank. ``veto`` is
    what its grade is capped by.
    """

    card: Scorecard
    rank: int | None
    moved: int | None
    veto: Veto | None = None

    @property
    def place(self) -> Place:
        return self.card.place

    @property
    def grade(self) -> int | None:
        return grade(self.card, self.veto)

    @property
    def grade_words(self) -> Words:
        return GRADES[self.grade]


@dataclass(frozen=True)
class League:
    """The league of the places of ``level`` under a place, with the card of that place itself, if any."""

    period: AssessedPeriod | None
    rows: list[Row]
    own: Scorecard | None
    types: list[Heading]


def league(root: Place, level: str, period: Period, group: str = "") -> League:
    """The league of a period, best first, those without a rank last. Seven statements for any number of rows.

    ``group`` leaves the communities of one peer group. Where the period was not measured it is empty.
    """
    held = AssessedPeriod.objects.select_related("catalogue").filter(pk=period.name).first()
    if held is None:
        return League(None, [], None, [])
    cards = list(cards_under(root, level, period, group))
    earlier = {
        each.place_id: rank
        for each, rank in ranked(cards_under(root, level, period.earlier(), group))
        if rank is not None
    }
    capped = caps(period, root)
    rows = [
        Row(card, rank, _moved(rank, earlier.get(card.place_id)), capped.get(card.place_id))
        for card, rank in ranked(cards)
    ]
    own = Scorecard.objects.filter(period=held, place=root).defer("figures").first()
    return League(held, rows, own, types_of(held.catalogue))


def cards_under(root: Place, level: str, period: Period, group: str = "") -> Iterable[Scorecard]:
    """The cards of the places of one level under ``root``, without their figures. One statement."""
    cards = Scorecard.objects.of(period, level).under(root)
    if group:
        cards = cards.filter(group=group)
    return cards.defer("figures").select_related("place__parent")


def ranked(cards: Iterable[Scorecard]) -> list[tuple[Scorecard, int | None]]:
    """Cards with their ranks; equal totals share one, and the next one is skipped. Without a rank: last."""
    enough, held = number(RANKED), list(cards)
    may = {card.pk for card in held if card.total is not None and card.counted >= enough}
    order = sorted(held, key=lambda card: (card.pk not in may, -(card.total or 0), card.placed_path))
    rows: list[tuple[Scorecard, int | None]] = []
    for at, card in enumerate(order, 1):
        if card.pk not in may:
            rows.append((card, None))
        elif rows and rows[-1][0].total == card.total:
            rows.append((card, rows[-1][1]))
        else:
            rows.append((card, at))
    return rows


def types_of(catalogue: Catalogue) -> list[Heading]:
    """The types of a catalogue in their order."""
    return list(catalogue.headings.filter(level=Heading.Level.TYPE))


def weighted(card: Scorecard, heading: Heading) -> float | None:
    """What a type brings to the total of 100: its share of its weight; None where nothing of it counts."""
    earned, out_of = card.types.get(heading.code, (0, 0))
    return heading.weight * earned / out_of if out_of else None


def grade(card: Scorecard, veto: Veto | None) -> int | None:
    """3 excellent, 2 up to the standard, 1 below it; None where there is too little to go on.

    No better than ``veto`` leaves, where one is in force for the period of the card (``caps``).
    """
    reached = _reached(card)
    return reached if reached is None or veto is None else min(reached, veto.cap)


def uncapped(card: Scorecard, veto: Veto | None) -> int | None:
    """The grade that the total would bring, where ``veto`` takes something of it; else None."""
    reached = _reached(card)
    return reached if veto is not None and reached is not None and reached > veto.cap else None


def caps(period: Period, root: Place) -> dict[int, Veto]:
    """By which veto the grades of ``root`` and of places in it are capped in a period, by the place's key.

    Of several the strictest, of these the one that lasts longest. None where vetoes are turned off today.
    One statement.
    """
    rows = Veto.objects.counting(period).under(root).select_related("place")
    standing = [row for row in rows.order_by("-cap", "last_ym", "pk") if is_on(row.place)]
    return {row.place_id: row for row in standing}


def is_on(place: Place) -> bool:
    """Whether the city has turned vetoes on there."""
    return number(VETO, place.path) > 0


def _reached(card: Scorecard) -> int | None:
    if card.total is None or card.counted < number(RANKED):
        return None
    if card.total >= number(EXCELLENT):
        return EXCELLENT_GRADE
    return STANDARD_GRADE if card.total >= number(STANDARD) else BELOW


def most_red(root: Place, level: str, period: Period) -> tuple[str, int, int] | None:
    """The code that is red in most places of ``level``, in how many, and of how many that take part."""
    cards = Scorecard.objects.of(period, level).under(root).filter(set_up=True)
    figures: Sequence[dict[str, list[object]]] = list(cards.values_list("figures", flat=True))
    reds = Counter(code for each in figures for code, figure in each.items() if figure[4] == "red")
    if not reds:
        return None
    code, n = min(reds.items(), key=lambda each: (-each[1], each[0]))
    return code, n, len(figures)


def _moved(rank: int | None, before: int | None) -> int | None:
    return before - rank if rank is not None and before is not None else None
