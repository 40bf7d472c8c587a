"""What a line of the sheet of posts says about who sits there, against who is known to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from silin.lib.refusal import Refused
from silin.lib.sheets.sheet import CellProblem, Change, Row, Scope, Values
from silin.people.actions import appoint, end
from silin.people.models import Holding, Post, today
from silin.people.sheeting import Accounts, Said, in_line, writer
from silin.places.sheeting import problem


@dataclass(frozen=True)
class Role:
    """The columns that tell of a holder, or of who stands in."""

    name: str
    phone: str
    since: str
    until: str
    stand_in: bool

    def told(self, holding: Holding | None) -> dict[str, Any]:
        """What the sheet says of ``holding``."""
        return {
            self.name: holding.user.name if holding else "",
            self.phone: holding.user.phone or None if holding else None,
            self.since: holding.valid_from if holding else None,
            self.until: holding.valid_until if holding else None,
        }

    def said(self, values: Values, before: Values) -> Said:
        """Whom a line means; the number of whoever sat there before is nobody else's."""
        phone = values.get(self.phone)
        kept = phone == before.get(self.phone) and values.get(self.name) != before.get(self.name)
        return Said(values.get(self.name) or "", None if kept else phone)


HOLDER = Role("name", "phone", "since", "ended", stand_in=False)
STAND_IN = Role("stand_in", "stand_in_phone", "stand_in_since", "stand_in_until", stand_in=True)
ROLES = (HOLDER, STAND_IN)


@dataclass(frozen=True)
class Term:
    """Somebody is to sit there from a day on, for good or until a day."""

    said: Said
    since: date
    until: date | None


def new_term(role: Role, after: Values, before: Values, day: date) -> Term | None:
    """The term that a line begins: of somebody else, or of the same person after the last one ended."""
    if not after.get(role.name):
        return None
    since, until = after.get(role.since), after.get(role.until)
    ended = before.get(role.until)
    same = all(after.get(name) == before.get(name) for name in (role.name, role.phone))
    again = ended and since and since != before.get(role.since) and since >= ended
    if same and not again:
        return None
    return Term(
        role.said(after, before),
        since if since and since != before.get(role.since) else day,
        until if until != ended else None,
    )


def new_end(role: Role, after: Values, before: Values) -> date | None:
    """The day on which a line ends the term that is known."""
    last: date | None = after.get(role.until)
    return last if after.get(role.name) and last != before.get(role.until) else None


def check_term(
    role: Role, row: Row, before: Values, accounts: Accounts, scope: Scope
) -> Iterator[CellProblem]:
    """Whether a line's term can begin or end as it says."""
    after, day = {**before, **row.values}, today(scope.now)
    term = new_term(role, after, before, day)
    if term is not None:
        yield from _check_new(role, row, term, before, day)
        yield from _check_who(role, row, before, accounts, day)
    elif (last := new_end(role, after, before)) is not None:
        yield from _check_end(role, row, last, before, day)
    elif after.get(role.name) and after.get(role.since) != before.get(role.since):
        words = {"day": before[role.since]}
        what = _("This term began on %(day)s. A table does not change that.") % words
        yield problem(row, role.since, "bad_dates", what, _("Leave the cell blank."))


def _check_new(role: Role, row: Row, term: Term, before: Values, day: date) -> Iterator[CellProblem]:
    if term.until is not None and term.until <= max(term.since, day):
        over = term.until <= day
        what = _("That day is over.") if over else _("The last day lies before the first.")
        yield problem(row, role.until, "bad_dates", what, _("Leave out who does not sit there any more."))
    begun, ended = before.get(role.since), before.get(role.until)
    if not role.stand_in and begun and begun > term.since and (ended is None or ended > term.since):
        what = _("Somebody else begins there on %(day)s.") % {"day": begun}
        yield problem(row, role.since, "bad_dates", what, _("Write a first day after that."))


def _check_who(role: Role, row: Row, before: Values, accounts: Accounts, day: date) -> Iterator[CellProblem]:
    name = row.values.get(role.name) or before.get(role.name) or ""
    try:
        user = accounts.find(Said(name, row.values.get(role.phone)))
    except Refused as refusal:
        yield problem(row, role.phone, refusal.code, str(refusal.message))
        return
    ended = before.get(role.until)
    if user is None and name == before.get(role.name) and (ended is None or ended > day):
        what = _("Whoever sits there has another number here.")
        mend = _(
            "If it is the same person, they sign in and change it themselves; leave the cell blank. If it is "
            "somebody else of that name, write the last day of the first one, and bring the new one in then."
        )
        yield problem(row, role.phone, "changed_phone", what, mend)


def _check_end(role: Role, row: Row, last: date, before: Values, day: date) -> Iterator[CellProblem]:
    ended = before.get(role.until)
    if ended is not None and ended <= day:
        what = _("This term has ended on %(day)s already.") % {"day": ended}
        yield problem(row, role.until, "ended", what)
    elif last < day:
        what = _("That day is over. Choose today or a later one.")
        yield problem(row, role.until, "bad_dates", what)
    elif last < before[role.since]:
        yield problem(row, role.until, "bad_dates", _("The last day lies before the first."))


def write_term(role: Role, post: Post, change: Change, accounts: Accounts, scope: Scope) -> None:
    """Begin or end the term that a line says."""
    before, by = change.before or {}, writer(scope)
    term = new_term(role, change.after, before, today(scope.now))
    if term is not None:
        about: dict[str, Any] = {"stand_in": role.stand_in, "since": term.since, "until": term.until}
        if not role.stand_in:
            about |= {"cross": bool(change.after.get("cross")), "origin": change.after.get("origin") or ""}
        user = in_line(change, accounts.need, term.said)
        in_line(change, appoint, post, user, **about, **by)
    elif (last := new_end(role, change.after, before)) is not None:
        terms = post.holdings.filter(stand_in=role.stand_in).select_related("post")
        holding = terms.order_by("valid_from", "pk").last()
        assert holding is not None
        in_line(change, end, holding, on=last, **by)
