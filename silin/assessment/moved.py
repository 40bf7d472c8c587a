"""What moved a figure since the period before, as its page and its sheet say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from silin.assessment.asking import Asked
from silin.assessment.models import AssessedPeriod, Indicator, Scorecard
from silin.assessment.moving import NOTHING, Pair, Part, adds_up, split, strongest
from silin.assessment.periods import MONTHS, Period
from silin.assessment.reading import Figure
from silin.assessment.rules import said
from silin.facts.expressions import Passing, terms_in
from silin.places.levels import Level
from silin.places.models import Place

EACH_WAY = 3
WHAT_IT_IS = ("num", "den", "unit", "period")
"""What of an indicator makes its value; by another target or bureau it still is the same figure."""
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Line:
    """A row of the table: a place (None: counted at none of those below), what it had and has, its pull."""

    place: Place | None
    url: str
    counts: str
    pull: Pull


@dataclass(frozen=True)
class Pull:
    """A change of a value: how much, in words, and whether that is for the better (None: neither)."""

    amount: float
    words: str
    better: bool | None


@dataclass(frozen=True)
class Moved:
    """A figure before and now; ``parts`` split its change over the places right below, where they can.

    ``incomparable`` says in words why the two cannot be compared at all, ``unsplit`` why the change has no
    parts; each is empty where it is so.
    """

    row: Indicator
    period: Period
    before: Period
    was: Figure
    now: Figure
    parts: list[Part[Place]]
    incomparable: str
    unsplit: str

    @property
    def by(self) -> Pull | None:
        """The change of the value; None where one of the two is missing or cannot be compared."""
        if self.incomparable or self.was.value is None or self.now.value is None:
            return None
        return pull_of(self.row, self.now.value - self.was.value)

    @property
    def changes(self) -> list[tuple[str, str, str, str]]:
        """Numerator and denominator: what it is, before, now, the difference."""
        pairs = ((_("Numerator"), self.was.num, self.now.num), (_("Denominator"), self.was.den, self.now.den))
        return [
            (name, said(was), said(now), signed(now - was))
            for name, was, now in pairs
            if was is not None and now is not None
        ]

    @property
    def begun_anew(self) -> str:
        """Said where the two are counted from different beginnings: a new quarter or year has begun since."""
        over = self.row.period
        same = self.period.months(over)[0] == self.before.months(over)[0]
        if same or MONTHS[over] <= MONTHS[self.period.sort] or is_register(self.row):
            return ""
        return _("It is counted over a %(over)s from its beginning, and a new one has begun since.") % {
            "over": self.row.get_period_display()
        }

    @property
    def shown(self) -> list[Part[Place]]:
        """The parts that the page names: those that pulled most, up before down."""
        up, down = strongest(self.parts, EACH_WAY)
        return [*up, *down]

    @property
    def rest(self) -> tuple[int, Pull]:
        """How many parts it does not name, and their pulls together."""
        shown = self.shown
        left = sum(part.pull for part in self.parts) - sum(part.pull for part in shown)
        return len(self.parts) - len(shown), pull_of(self.row, left)


def moved(asked: Asked, row: Indicator, was: Figure, now: Figure, cards: Iterable[Scorecard]) -> Moved:
    """What moved ``row`` from ``was`` to ``now``; ``cards`` are those of ``cards_of``. Two statements."""
    before = asked.period.earlier()
    incomparable, unsplit = _incomparable(before, row), _unsplit(asked, row, was, now)
    parts = [] if incomparable or unsplit else _split(row, was, now, before, cards)
    return Moved(row, asked.period, before, was, now, parts, incomparable, unsplit)


def cards_of(asked: Asked) -> list[Scorecard]:
    """The cards of the places right below, in the period that is asked for and the one before."""
    periods = (asked.period.name, asked.period.earlier().name)
    below = Scorecard.objects.filter(place__parent=asked.root, period__in=periods)
    return list(below.select_related("place").order_by("placed_path"))


def lines_of(asked: Asked, found: Moved, parts: Sequence[Part[Place]]) -> list[Line]:
    """Parts as the table shows them."""
    shown = []
    for part in parts:
        url = asked.indicator_url(found.row.code, code=part.key.code) if part.key is not None else ""
        before, now = (f"{said(num)} / {said(den)}" for num, den in (part.before, part.now))
        shown.append(Line(part.key, url, f"{before} → {now}", pull_of(found.row, part.pull)))
    return shown


def sheet_rows(asked: Asked, found: Moved) -> Iterator[list[object]]:
    """A line for each part, then the place itself with the whole change."""
    for part in found.parts:
        place = (part.key.code, part.key.short_name) if part.key is not None else ("", _("at no place below"))
        yield [*place, *part.before, *part.now, part.pull]
    own, by = (found.was, found.now), found.by
    counts = [count for each in own for count in (each.num, each.den)]
    change = by.amount if by is not None else None
    yield [asked.root.code, asked.root.short_name, *counts, change]


def pull_of(row: Indicator, amount: float) -> Pull:
    """A change of a value of ``row`` in its unit."""
    words = signed(amount)
    if row.unit == Indicator.Unit.PERCENT:
        words = _("%(n)s percentage points") % {"n": words}
    up = row.better == Indicator.Better.UP
    return Pull(amount, words, None if not round(amount, 2) else (amount > 0) == up)


def is_register(row: Indicator) -> bool:
    """Whether it counts what stands in a register at the end of a period, not what was done in it."""
    return any(term.is_stock for term in terms_in(row.numerator))


def signed(amount: float) -> str:
    """A difference as people write it: ``+3``, ``−0.4``, ``0``."""
    rounded = round(amount, 2)
    return ("+" if rounded > 0 else MINUS if rounded < 0 else "") + said(abs(rounded))


def _incomparable(before: Period, row: Indicator) -> str:
    """Why the period before cannot be compared with; nothing where it can."""
    about = {"period": before.words}
    held = AssessedPeriod.objects.select_related("catalogue").filter(pk=before.name).first()
    if held is None:
        return _("%(period)s was not measured.") % about
    if held.catalogue_id != row.catalogue_id:
        earlier = held.catalogue.indicators.filter(code=row.code).first()
        if earlier is None or any(getattr(earlier, name) != getattr(row, name) for name in WHAT_IT_IS):
            return _("In %(period)s it was defined otherwise, so the two cannot be compared.") % about
    return ""


def _unsplit(asked: Asked, row: Indicator, was: Figure, now: Figure) -> str:
    """Why the change is not split over the places below; nothing where it is."""
    for figure, period in ((was, asked.period.earlier()), (now, asked.period)):
        if figure.value is None:
            about = {"period": period.words, "why": figure.words}
            return _("There is no value in %(period)s: %(why)s.") % about
    if isinstance(row.numerator, Passing):
        return _("It is the share of communities that pass: the places below show where they do.")
    if is_register(row):
        return _("It is counted from a register as it stands at the end of a period, not from what was done.")
    if asked.root.level == Level.COMMUNITY:
        return _("It is counted here, at no place below.")
    if not (adds_up(row.numerator) and adds_up(row.denominator)):
        return _("It is no plain sum over a sum, so it does not fall into parts.")
    return ""


def _split(
    row: Indicator, was: Figure, now: Figure, before: Period, cards: Iterable[Scorecard]
) -> list[Part[Place]]:
    parts: dict[Place, tuple[Pair, Pair]] = {}
    for card in cards:
        own, (had, has) = _pair(Figure.of(row, card)), parts.get(card.place, (NOTHING, NOTHING))
        parts[card.place] = (own, has) if card.period_id == before.name else (had, own)
    counting = {place: both for place, both in parts.items() if both != (NOTHING, NOTHING)}
    return split(_pair(was), _pair(now), counting, row.scale)


def _pair(figure: Figure) -> Pair:
    return figure.num or 0.0, figure.den or 0.0
