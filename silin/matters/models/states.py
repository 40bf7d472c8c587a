"""The closed sets that a matter is described by: states, endings, colours, what is asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.personal import CONSENT, THE_PERSON


class State(models.TextChoices):
    """The closed set of seven states."""

    RAISED = "raised", _("waiting to be sent on")
    ASSIGNED = "assigned", _("sent to somebody")
    IN_HAND = "in_hand", _("in hand")
    WAITING = "waiting", _("on hold")
    ANSWERED = "answered", _("done, to be looked at")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("taken back")


SEE = "matters.see"
BY_RESIDENTS = ("web", "wechat", "phone", "counter", "hotline", "api")
"""How a matter comes in that a resident raised; what staff found is the office's own."""

OF_RAISER: dict[str, Any] = {
    "purpose": gettext_noop("so that whoever handles it finds and understands it"),
    "basis": CONSENT,
    "owner": THE_PERSON,
    "keep_days": 3 * 365,
}

OPEN = (State.RAISED, State.ASSIGNED, State.IN_HAND, State.WAITING, State.ANSWERED)
RUNNING = (State.RAISED, State.ASSIGNED, State.IN_HAND)


class Outcome(models.TextChoices):
    """How a matter ended (closed set)."""

    FIXED = "fixed", _("fixed")
    ON_THE_SPOT = "on_the_spot", _("settled on the spot")
    ADVISED = "advised", _("advised")
    PASSED_ON = "passed_on", _("passed on")
    NOT_ACCEPTED = "not_accepted", _("not accepted")
    NOT_FEASIBLE = "not_feasible", _("cannot be done")
    DUPLICATE = "duplicate", _("reported already")
    NOT_FOUND = "not_found", _("not found there")
    CANCELLED = "cancelled", _("taken back")


class Colour(models.TextChoices):
    """The three colours of lateness."""

    OK = "ok", _("in time")
    WARN = "warn", _("soon due")
    LATE = "late", _("overdue")


class Asked(models.TextChoices):
    """What whoever has it in hand asks the level above for."""

    EXTEND = "extend", _("more time")
    DEFER = "defer", _("to put it off until a review day")
