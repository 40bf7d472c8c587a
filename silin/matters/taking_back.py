"""Taking a dispatch or a whistle back (撤回): ten seconds, by whoever sent it, while nobody has been told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.matters import parts
from silin.matters.deeds import Deed, plain, verb
from silin.matters.models import Assignment, Matter
from silin.notices import actions as notices

WINDOW = timedelta(seconds=10)
NOT_UNDONE = frozenset({"id", "version", "next_due", "counted", "changed_at", "undo"})


def keep(deed: Deed) -> None:
    """Remember how everything stands before the deed, and let its messages wait until the window is over.

    To be called before the deed changes anything. What is kept ends with the next deed on the matter.
    """
    matter = deed.matter
    assert deed.actor is not None
    calls = matter.assignments.filter(state__in=Assignment.RUNNING) if matter.calls else ()
    deed.held_until = deed.now + WINDOW
    deed.undo = {
        "by": str(deed.actor.pk),
        "at": deed.now.isoformat(),
        "until": deed.held_until.isoformat(),
        "columns": _columns(matter),
        "calls": {str(call.pk): call.state for call in calls},
        "pause": _key(matter.pauses.filter(ended_at=None).first()),
        "request": _key(matter.time_requests.filter(decided_at=None).first()) if matter.asked else None,
    }


def until(matter: Matter, user: User, now: datetime) -> datetime | None:
    """Until when ``user`` may take back what they have sent; None where there is nothing, or it is over."""
    if matter.undo is None or matter.undo["by"] != str(user.pk):
        return None
    end = datetime.fromisoformat(matter.undo["until"])
    return end if now < end else None


@verb("take_back")
def take_back(deed: Deed) -> None:
    """Everything stands again as it was before it was sent; whoever it was sent to never hears of it.

    Raises ``Refused`` (``told``) once the ten seconds are over or somebody has been told.
    """
    matter, kept = deed.matter, deed.matter.undo
    assert deed.actor is not None
    assert kept is not None  # the table let nobody else come this far
    if until(matter, deed.actor, deed.now) is None or not notices.take_back(kept["notices"], now=deed.now):
        message = _("The ten seconds are over and they have been told. You can still send it elsewhere.")
        raise Refused("told", message, status=409)
    for name, value in kept["columns"].items():
        field = next(each for each in matter._meta.concrete_fields if each.attname == name)
        setattr(matter, name, field.to_python(value))
    _restore_calls(matter, kept)
    matter.pauses.filter(pk=kept["pause"]).update(ended_at=None)
    matter.time_requests.filter(pk=kept["request"]).update(decided_at=None)
    deed.take_back("matter.dispatched")
    deed.move(matter.state)


def _restore_calls(matter: Matter, kept: dict[str, Any]) -> None:
    """The parts that were offered vanish, those that were let go run on."""
    made = matter.assignments.filter(offered_at=datetime.fromisoformat(kept["at"]))
    made.exclude(pk__in=list(kept["calls"])).delete()
    for key, state in kept["calls"].items():
        matter.assignments.filter(pk=key).update(state=state, ended_at=None)
    parts.recount(matter)


def _columns(matter: Matter) -> dict[str, Any]:
    """What the row says, as JSON can; ``deeds.write`` keeps of it what the deed has changed."""
    names = [field.attname for field in matter._meta.concrete_fields]
    return {name: plain(getattr(matter, name)) for name in names if name not in NOT_UNDONE}


def _key(row: Any) -> str | None:
    return str(row.pk) if row is not None else None
