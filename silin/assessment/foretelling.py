"""What would follow from a changed catalogue, in sentences: who moves, by what, what is still in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silin.assessment.asking import asked_period
from silin.assessment.differences import words_of
from silin.assessment.linting import problems
from silin.assessment.models import Catalogue, Heading, Indicator
from silin.assessment.trying import Move, Shift, Trial, try_out

MOST = 8
"""Communities, indicators and findings that are named."""


def foretold(base: Catalogue, headings: Sequence[Heading], indicators: Sequence[Indicator]) -> Iterator[str]:
    """Into which draft it goes, who moves in the last month that was measured, what hinders its publishing.

    It takes as long as ``try_out``. Writes nothing.
    """
    if base.published_at is None:
        yield _("It goes into the draft of version %(n)s; nothing counts before that is published.") % {
            "n": base.number
        }
    else:
        yield _("It begins a draft of version %(n)s; nothing counts before that is published.") % {
            "n": base.number + 1
        }
    yield from _moves(try_out(base, headings, indicators, asked_period({})))
    yield from _findings(headings, indicators)


def _moves(trial: Trial) -> Iterator[str]:
    if not trial.looked:
        yield _("No community takes part in the assessment yet, so nobody moves.")
        return
    about = {"period": trial.period.words, "looked": trial.looked, "n": len(trial.moves), "same": trial.same}
    text = _("Tried out on %(period)s: of %(looked)s communities %(n)s move, %(same)s stay as they are.")
    yield text % about
    if trial.moves:
        yield _listed(_("Whose points move most: %(list)s"), [_move(each) for each in trial.moves])
    if trial.shifts:
        yield _listed(_("Indicators that move them: %(list)s"), [_shift(each) for each in trial.shifts])


def _move(move: Move) -> str:
    about = {
        "place": move.place.short_name,
        "before": words_of("points", move.before),
        "after": words_of("points", move.after),
    }
    text = _("%(place)s %(before)s → %(after)s") % about
    return text + _lights(move.reds)


def _shift(shift: Shift) -> str:
    text = ngettext(
        "%(code)s %(title)s: %(n)s community", "%(code)s %(title)s: %(n)s communities", shift.communities
    )
    about = {"code": shift.code, "title": shift.title, "n": shift.communities}
    return text % about + _lights(shift.reds)


def _lights(reds: tuple[int, int]) -> str:
    """The red lights before and after, where they are not as many."""
    before, after = reds
    if before == after:
        return ""
    return _(" (red lights %(before)s → %(after)s)") % {"before": before, "after": after}


def _findings(headings: Sequence[Heading], indicators: Sequence[Indicator]) -> Iterator[str]:
    found = problems(headings, indicators)
    if found:
        said = [f"{each.indicator} {each.message}".strip() for each in found]
        yield _listed(_("To be put right before it can be published: %(list)s"), said)


def _listed(text: str, items: Sequence[str]) -> str:
    """``text`` with the first of ``items``; how many more there are."""
    named = _("; ").join(items[:MOST])
    if (left := len(items) - MOST) > 0:
        named += _(" and %(n)s more") % {"n": left}
    return text % {"list": named}
