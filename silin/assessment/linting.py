"""What a catalogue must not do: reward paper, punish honesty, or contradict itself.

The rules follow "整治形式主义为基层减负" and what went wrong elsewhere: good ratings that had to be
produced by number, inspectors who stopped writing down what they found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from silin.assessment.models import Heading, Indicator
from silin.assessment.rules import EARNED
from silin.facts.expressions import Passing, Term, terms_in
from silin.facts.parsing import NotRead

TYPE_POINTS = 100
MOST_EVIDENCE = 8  # more would bring the folders of proof back
FOUND = ("matter.raised", "round.made", "alarm.raised", "problem.opened")
BURDENS = re.compile(
    "登录|签到|打卡|转发|点赞|关注数|下载量|安装|拍照|照片|填报|报表|回复率|群接龙"
    "|log-?ins?|check-?ins?|forwards|forwarded|followers|photos? taken|forms? filled",
    re.IGNORECASE,
)
SOURCES = ("outside", "survey", "evidence", "circle")


@dataclass(frozen=True)
class Problem:
    """Why a catalogue cannot be published: where, a code for programs, and words."""

    code: str
    indicator: str
    message: str
    field: str = ""


def problems(headings: Sequence[Heading], indicators: Sequence[Indicator]) -> list[Problem]:
    """Everything that is wrong with a catalogue, in the order of its rows."""
    found = [problem for row in indicators for problem in of_row(row)]
    return [*found, *_of_whole(headings, indicators)]


def of_row(row: Indicator) -> Iterator[Problem]:
    """What is wrong with one indicator, whatever stands beside it."""
    try:
        terms = row.terms
    except NotRead as error:
        yield Problem("not_read", row.code, where(error), "num" if not _reads(row) else "den")
        return
    except ValueError:
        yield Problem("not_read", row.code, _("passing() has no place in a denominator."), "den")
        return
    for check in (_shape, _source, _burden, _honesty):
        yield from check(row, terms)
    scoring = list(_score(row))
    yield from scoring or _lights(row)


def where(error: NotRead) -> str:
    """What cannot be read, and where it stands."""
    about = {"what": error.message, "row": error.row, "column": error.column}
    return _("%(what)s (row %(row)s, column %(column)s)") % about


def _reads(row: Indicator) -> bool:
    try:
        return bool(row.numerator)
    except NotRead:
        return False


def _shape(row: Indicator, terms: list[Term]) -> Iterator[Problem]:
    if row.denominator is None and not isinstance(row.numerator, Passing):
        message = _("A bare number says nothing about a small or a large community: give a denominator.")
        yield Problem("no_denominator", row.code, message, "den")
    if row.better == row.Better.DOWN and row.missing == row.Missing.ZERO:
        message = _("Where less is better, nothing measured must not earn points: choose “does not count”.")
        yield Problem("missing", row.code, message, "missing")


def _score(row: Indicator) -> Iterator[Problem]:
    names = [name for name in row.scoring if name != "points"]
    if len(names) != 1 or names[0] not in EARNED or not row.points > 0:
        yield Problem("rule", row.code, _("One rule and some points are needed."), "scoring")
        return
    if names[0] == "banded":
        bands = row.scoring["banded"]
        touch = all(one[1] == two[0] for one, two in pairwise(bands))
        if not touch or bands[-1][1] is not None:
            message = _("The bands must touch, and the last must be open: each ends where the next begins.")
            yield Problem("bands", row.code, message, "scoring")
        elif max(points for _low, _high, points in bands) != row.points:
            yield Problem("bands", row.code, _("The best band must bring all the points."), "scoring")
    if names[0] in ("linear", "survey") and row.scoring[names[0]]["floor"] == row.scoring[names[0]]["target"]:
        yield Problem("rule", row.code, _("Floor and target must differ."), "scoring")


def _lights(row: Indicator) -> Iterator[Problem]:
    up = row.better == row.Better.UP
    if (row.red < row.yellow) != up or row.red == row.yellow:
        yield Problem("lights", row.code, _("Red must lie on the bad side of yellow."), "red")
    elif row.rule.score(row.red).points > row.rule.score(row.yellow).points:
        yield Problem("lights", row.code, _("A worse light would bring more points."), "scoring")


def _source(row: Indicator, terms: list[Term]) -> Iterator[Problem]:
    rooms = {term.name.partition(".")[0] for term in terms}
    if not rooms:
        yield Problem("no_source", row.code, _("It reads nothing from the book of facts."), "num")
        return
    source = next((each for each in SOURCES if each in rooms), "stock" if rooms == {"stock"} else "facts")
    if row.source != source:
        message = _("Its source is: %(source)s") % {"source": row.Source(source).label}
        yield Problem("source", row.code, message, "source")
    if not row.lead:
        yield Problem("no_lead", row.code, _("Nobody answers for it: name the leading bureau."), "lead")


def _burden(row: Indicator, terms: list[Term]) -> Iterator[Problem]:
    if BURDENS.search(f"{row.title_zh} {row.title_en}"):
        message = _(
            "Logins, check-ins, forwards, photos and forms are no work for residents: leave them out."
        )
        yield Problem("burden", row.code, message, "title_zh")
    if row.source == row.Source.EVIDENCE and "checklist" not in row.scoring:
        message = _("Proof is looked at once, as a checklist; it may not become a form for every month.")
        yield Problem("form", row.code, message, "scoring")


def _honesty(row: Indicator, terms: list[Term]) -> Iterator[Problem]:
    if any(term.name == "matter.reviewed" and term.function != "grades" for term in _upper(row)):
        message = _("A number of ratings may carry no points: they would be produced. Use the mean grade.")
        yield Problem("ratings", row.code, message, "num")
    found = [term for term in _upper(row) if term.name in FOUND]
    devices = all(term.name == "alarm.raised" or "'alarm'" in _said(term) for term in found)
    if row.better == row.Better.DOWN and found and not devices:
        message = _(
            "Problems found and written down by oneself may not cost points: nobody would write them."
        )
        yield Problem("self_reported", row.code, message, "num")


def _upper(row: Indicator) -> list[Term]:
    return list(terms_in(row.numerator))


def _said(term: Term) -> str:
    return term.condition.sql if term.condition else ""


def _of_whole(headings: Sequence[Heading], indicators: Sequence[Indicator]) -> Iterator[Problem]:
    codes = Counter(row.code for row in (*headings, *indicators))
    for code in sorted(code for code, n in codes.items() if n > 1):
        yield Problem("twice", code, _("This code stands there twice."), "code")
    items = {row.code for row in headings if row.level == Heading.Level.ITEM}
    for row in indicators:
        if row.item not in items:
            yield Problem("no_item", row.code, _("There is no item %(code)s.") % {"code": row.item}, "code")
    if sum(row.source == row.Source.EVIDENCE for row in indicators) > MOST_EVIDENCE:
        message = _("At most %(n)s indicators may ask for proof.") % {"n": MOST_EVIDENCE}
        yield Problem("evidence", "", message)
    types = [row for row in headings if row.level == Heading.Level.TYPE]
    for heading in types:
        points = sum(row.points for row in indicators if row.type == heading.code)
        if abs(points - TYPE_POINTS) > 1e-6:
            about = {"type": heading.title, "points": f"{points:g}"}
            message = _("%(type)s: the points come to %(points)s, not to 100.") % about
            yield Problem("sum", heading.code, message, "scoring")
    if abs(sum(heading.weight for heading in types) - TYPE_POINTS) > 1e-6:
        yield Problem("weights", "", _("The weights of the types do not come to 100."), "weight")
