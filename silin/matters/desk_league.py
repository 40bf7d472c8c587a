"""The league as desks see it: places by their share closed on time, each number open to its matters."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from silin.accounts.models import User
from silin.lib.dates import in_chinese
from silin.lib.refusal import NotFound, Refused, Words
from silin.lib.sheets.answering import FORMS, list_answer
from silin.matters import league
from silin.matters.behind import behind
from silin.matters.desk import sheet
from silin.matters.showing import lines
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE, home_league, may_see, own_rows
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.queries import calendar, get_place

MONTHS = 12
LEVELS = (Level.COUNTY, Level.STREET, Level.COMMUNITY)
SHOWN_AT_MOST = 500
BUCKETS = 10
BAR_WIDE, BAR_HIGH = 24, 50
RED, YELLOW = 0.80, 0.95
WHICH: dict[str, Words] = {
    "on_time": gettext_lazy("Closed on time"),
    "late": gettext_lazy("Ran out of time"),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a place and what it lies in, the level of the rows, a month (YYYYMM)."""

    root: Place
    above: list[Place]
    level: str
    month: int
    months: list[int]

    def url(self, *, code: str = "", level: str = "", name: str = "desk_league_place", form: str = "") -> str:
        """The same league at another level; with ``code`` that of another place, at its own finest level."""
        there = reverse(f"matters:{name}", args=[code or self.root.code, *([form] if form else [])])
        return f"{there}?month={self.month}" + ("" if code else f"&level={level or self.level}")


SHORT = 60
"""As many rows are shown even where they have too few cases; of more only the ranked ones and one's own."""


@dataclass(frozen=True)
class Shown:
    """A row of the league as the page shows it: its share in words, its colour, its way further down."""

    row: league.Row
    above: str
    url: str

    @classmethod
    def of(cls, row: league.Row, asked: Asked, names: dict[int, str]) -> Shown:
        """``names`` are those of the places that the rows lie in, by key."""
        above = names.get(row.place.parent_id or 0, "")
        wide = Level(row.place.level).depth < Level.COMMUNITY.depth
        return cls(row, above, asked.url(code=row.place.code) if wide else "")

    @property
    def percent(self) -> str:
        return "" if self.row.rate is None else f"{self.row.rate * 100:.1f}"

    @property
    def colour(self) -> str:
        """By the lights of indicator S1.2.3 in the sample catalogue: red below 80, yellow below 95."""
        rate = self.row.rate or 0
        return "late" if rate < RED else "warn" if rate < YELLOW else "ok"

    @property
    def fell(self) -> int:
        return -(self.row.moved or 0)


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``league.see``: to the league of their own place; a community's desk to its county's."""
    return redirect("matters:desk_league_place", home_league(viewer(request)).code)


@for_posts(SEE)
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` over the place, or over a part of the same county: its league of a month."""
    user = viewer(request)
    asked = _asked(request, user, code)
    rows, total = league.table(asked.root, asked.level, asked.month)
    own = own_rows(user, asked.root)
    everything = len(rows) <= SHORT or "all" in request.GET
    shown = [row for row in rows if everything or row.rank is not None or row.place.pk in own]
    shown = shown or rows[:SHORT]
    names = _streets(asked.root, shown)
    above = [each for each in asked.above if may_see(user, each, asked.above)]
    context = {
        "asked": asked,
        "place": asked.root,
        "rows": [Shown.of(row, asked, names) for row in shown],
        "left_out": len(rows) - len(shown),
        "all_url": f"{asked.url(level=asked.level)}&all=1",
        "places": len(rows),
        "ranked": sum(row.rank is not None for row in rows),
        "few": sum(row.rank is None for row in rows),
        "total": Shown.of(total, asked, names),
        "own": own,
        "crumb": [*((each.short_name, asked.url(code=each.code)) for each in above), asked.root.short_name],
        "levels": [(level, level.label, asked.url(level=level)) for level in _levels(asked.root)],
        "months": [(month, month_words(month)) for month in asked.months],
        "month_words": month_words(asked.month),
        "spread": _spread(rows),
        "sheets": [(form.upper(), asked.url(name="desk_league_sheet", form=form)) for form in FORMS],
        "min_cases": league.MIN_CASES,
    }
    return render(request, "matters/desk/league.html", context)


@for_posts(SEE)
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the page: the league as a spreadsheet."""
    asked = _asked(request, viewer(request), code)
    heads = [_("Rank"), _("Code"), _("Place"), _("Closed on time"), _("Ran out of time"), _("Share")]
    rows = (
        (row.rank, row.place.code, row.place.short_name, row.on_time, row.late, _percent(row.rate))
        for row in league.league(asked.root, asked.level, asked.month)
    )
    name = f"silin-league-{code}-{asked.level}-{asked.month}"
    return list_answer(form, name, _("Closed on time"), heads, rows)


@for_posts(SEE)
@require_safe
def matters(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the page: the matters behind a number, those that they may see."""
    user, now = viewer(request), timezone.now()
    asked = _asked(request, user, code)
    which = request.GET.get("which", "on_time")
    if which not in WHICH:
        raise Refused("bad_number", _("There is no such number in the league."), field="which")
    subjects = league.behind(asked.root, asked.month, on_time=which == "on_time")
    seen = behind(user, subjects, at_most=SHOWN_AT_MOST)
    if form := request.GET.get("as"):
        name = f"silin-league-{code}-{asked.month}-{which}"
        return sheet(form, name, str(WHICH[which]), seen.rows)
    context = {
        "asked": asked,
        "which": which,
        "forms": FORMS,
        "title": WHICH[which],
        "whiches": WHICH.items(),
        "crumb": [(_("Closed on time"), asked.url()), asked.root.short_name],
        "month_words": month_words(asked.month),
        "lines": lines(seen.rows, now, calendar()),
        "n": len(subjects),
        "cut": SHOWN_AT_MOST if seen.more else 0,
        "hidden": seen.hidden,
        "back": asked.url(),
        "back_words": _("Back to the league"),
    }
    return render(request, "matters/desk/league_matters.html", context)


def month_words(ym: int) -> str:
    """``2026年10月`` or ``10/2026``."""
    year, month = divmod(ym, 100)
    return f"{year}年{month}月" if in_chinese() else f"{month}/{year}"


def _asked(request: HttpRequest, user: User, code: str) -> Asked:
    root = get_place(code)
    above = root.ancestors()
    if not may_see(user, root, above):
        raise NotFound
    months = league.months(MONTHS, timezone.localdate())
    levels = _levels(root)
    level = request.GET.get("level") or str(levels[-1] if levels else root.level)
    month = request.GET.get("month") or str(months[0])
    if level not in {*levels, root.level}:
        raise Refused("bad_level", _("There is no such level here."), field="level")
    if not (month.isascii() and month.isdigit() and len(month) == 6 and 1 <= int(month[4:]) <= 12):
        raise Refused("bad_month", _("A month is six digits, like 202610."), field="month")
    return Asked(root, above, level, int(month), sorted({*months, int(month)}, reverse=True))


def _levels(root: Place) -> list[Level]:
    return [level for level in LEVELS if level.depth > Level(root.level).depth]


def _streets(root: Place, rows: list[league.Row]) -> dict[int, str]:
    """The names of the places that the rows lie in, where they are not all the same. One statement."""
    keys = {row.place.parent_id or root.pk for row in rows} - {root.pk}
    return {each.pk: each.short_name for each in Place.objects.filter(pk__in=keys)} if keys else {}


def _spread(rows: list[league.Row]) -> list[dict[str, float]]:
    """How many places lie in each tenth of the share, for a small picture."""
    counts = [0] * BUCKETS
    for row in rows:
        if row.rate is not None:
            counts[min(BUCKETS - 1, int(row.rate * BUCKETS))] += 1
    most = max([*counts, 1])
    bars = []
    for at, n in enumerate(counts):
        high, x = round(n / most * BAR_HIGH, 1), at * BAR_WIDE
        y = 66 - high
        bars.append({"from": at * 10, "n": n, "x": x, "y": y, "high": high, "middle": x + 10, "top": y - 3})
    return bars


def _percent(rate: float | None) -> str:
    return f"{rate * 100:.1f}%" if rate is not None else ""
