"""The clock's loop: whatever is past its next time is warned of, turned late, reported upward, or closed."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from silin.lib.jobs import Job
from silin.lib.refusal import Changed, Refused
from silin.matters import clock
from silin.matters.cells import count_cells
from silin.matters.deeds import By, Deed, verb
from silin.matters.handling import resume
from silin.matters.models import RUNNING, Colour, Matter, State
from silin.matters.oversight import reply_overdue
from silin.matters.recounting import recount_due
from silin.matters.terms import bring_into_force
from silin.matters.verifying import close
from silin.matters.whistling import report_overdue
from silin.people import queries as people

log = logging.getLogger(__name__)


@verb("warn")
def warn(deed: Deed) -> None:
    """Yellow: little time is left, or nobody took it in time. The holder and its leader are told."""
    matter = deed.matter
    matter.colour = Colour.WARN
    deed.move(matter.state)
    deed.fact("matter.warned", outcome="yellow", origin="system")
    deed.tell_post(matter.holder, "matter_warned")
    if matter.holder is not None:
        deed.tell_post(people.leader_of(matter.holder, deed.now), "matter_warned")


@verb("overdue")
def run_out(deed: Deed) -> None:
    """Red: the time is over. The next level's desk joins; whoever has it keeps it."""
    deed.matter.colour = Colour.LATE
    deed.fact("matter.overdue")
    deed.fact("matter.warned", outcome="red", origin="system")
    deed.tell_post(deed.matter.holder, "matter_overdue")
    _climb(deed)


@verb("escalate")
def escalate(deed: Deed) -> None:
    """One level further up: still late after so many working days, or its holder cannot settle it there.

    Raises ``Refused``: ``missing`` without words from a person, ``at_the_top`` where nobody is above.
    """
    if deed.actor is not None and not deed.words:
        raise Refused("missing", _("Please say why it has to go up."), field="words")
    _climb(deed)
    if deed.actor is not None and "joined" not in deed.fields:
        raise Refused("at_the_top", _("Nobody is above you who could join."), status=409)


def run_due(now: datetime) -> int:
    """Do what was due before ``now``; gives how much was done. Two loops at once do nothing twice.

    A row is worked on only where it has not changed since it was picked (its version stands in the deed). One
    that cannot be worked on is noted in the log and does not hold up the others.
    """
    done = 0
    due = Matter.objects.filter(next_due__lt=now)
    for key in list(due.order_by(F("next_due").asc()).values_list("pk", flat=True)):
        matter = due.with_hands().filter(pk=key).first()
        try:
            done += _turn(matter, now) if matter is not None else 0
        except Exception:
            log.exception("the clock cannot go on with matter %s", key)
    return done


def _turn(matter: Matter, now: datetime) -> int:
    by = By(None, now, version=matter.version)
    try:
        if matter.own_due is not None and matter.own_due < now and matter.declared.tick is not None:
            matter.declared.tick(matter, now)
        elif matter.reply_due is not None and matter.reply_due < now:
            reply_overdue(matter, by)
        elif matter.report_due is not None and matter.report_due < now:
            report_overdue(matter, by)
        elif matter.state == State.ANSWERED:
            close(matter, by)
        elif matter.state == State.WAITING:
            resume(matter, by)
        elif matter.state in RUNNING and matter.colour == Colour.LATE:
            escalate(matter, by)
        elif matter.out_of_time(now):
            run_out(matter, by)
        else:
            warn(matter, by)
    except Changed:
        return 0
    return 1


def _climb(deed: Deed) -> None:
    matter = deed.matter
    deed.move(matter.state)
    below = matter.joined or matter.holder
    above = people.desk_above(below, deed.now) if below else people.desk_over(matter.place, deed.now)
    matter.escalate_due = None
    if above is None:
        return
    matter.joined = above
    if people.desk_above(above, deed.now) is not None:
        matter.escalate_due = clock.next_escalation(matter, deed.now)
    deed.fields = {"joined": str(above.pk), "post": above.kind_id, "place": above.place.code}
    deed.fact("matter.escalated", level=above.place.level)
    deed.tell_post(above, "matter_joined")


def turn(now: datetime) -> None:
    """One turn of the loop."""
    run_due(now)


JOBS = [
    Job(name="matters.clock", every=timedelta(seconds=5), run=turn),
    Job(name="matters.recount", every=timedelta(seconds=5), run=recount_due),
    Job(name="matters.map", every=timedelta(minutes=10), run=count_cells),
    Job(name="matters.categories", daily_at=time(0, 1), run=bring_into_force),
]
