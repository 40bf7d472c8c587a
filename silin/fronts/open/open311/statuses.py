"""How a matter stands, in the words of Open311, and in the finer ones of the extension for departments."""

from __future__ import annotations

from django.utils.translation import gettext as _

from silin.matters.models import Matter, Outcome, State

OPEN, CLOSED = "open", "closed"
ENDED = (State.CLOSED, State.WITHDRAWN)
FINER = {
    State.RAISED: "open",
    State.ASSIGNED: "open",
    State.IN_HAND: "in_progress",
    State.WAITING: "planned",
    State.ANSWERED: "fixed",
    State.WITHDRAWN: "cancelled",
}
ENDINGS = {
    Outcome.FIXED: "fixed",
    Outcome.ON_THE_SPOT: "fixed",
    Outcome.DUPLICATE: "duplicate",
    Outcome.PASSED_ON: "not_councils_responsibility",
    Outcome.NOT_ACCEPTED: "not_councils_responsibility",
    Outcome.NOT_FEASIBLE: "no_further_action",
    Outcome.NOT_FOUND: "no_further_action",
    Outcome.CANCELLED: "cancelled",
}


def status_of(matter: Matter) -> str:
    """Open or closed: there is nothing between in the spec."""
    return CLOSED if matter.state in ENDED else OPEN


def finer_status(state: str, outcome: str) -> str:
    """The status of the extension; how it ended says more than that it did."""
    if state in (State.CLOSED, State.ANSWERED) and outcome:
        return ENDINGS.get(Outcome(outcome), CLOSED)
    return FINER.get(State(state), CLOSED)


def notes_of(matter: Matter, ending: str) -> str:
    """How it stands in words; how it ended, and what was written then."""
    if matter.state not in ENDED or not matter.outcome:
        return str(State(matter.state).label)
    said = str(Outcome(matter.outcome).label)
    return _("%(outcome)s: %(words)s") % {"outcome": said, "words": ending} if ending else said
