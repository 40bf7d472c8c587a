"""The clock's loop: whatever is past its next time is warned of, turned late, reported upward, or closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from silin.lib.jobs import Job
from silin.lib.refusal import Changed
from silin.matters import clock
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import RUNNING, Colour, Matter, State
from silin.matters.verifying import close
from silin.people import queries as people

BATCH = 200


@verb("warn")
def warn(deed: Deed) -> None:
    """Yellow: little time is left, or nobody took it in time. The holder and its leader are told."""
    matter = deed.matter
    matter.colour = Colour.WARN
    deed.move(matter.state)
    deed.fact("matter.warned", outcome="yellow")
    deed.tell_post(matter.holder, "matter_warned")
    if matter.holder is not None:
        deed.tell_post(people.leader_of(matter.holder, deed.now), "matter_warned")


@verb("overdue")
def run_out(deed: Deed) -> None:
    """Red: the time is over. The next level's desk joins; whoever has it keeps it."""
    deed.matter.colour = Colour.LATE
    deed.fact("matter.overdue")
    deed.fact("matter.warned", outcome="red")
    deed.tell_post(deed.matter.holder, "matter_overdue")
    _climb(deed)


@verb("escalate")
def escalate(deed: Deed) -> None:
    """Still late after so many working days: one level further up, to the city."""
    _climb(deed)


def run_due(now: datetime) -> int:
    """Do what was due before ``now``; gives how much was done. Two loops at once do nothing twice.

    A row is worked on only where it has not changed since it was picked (its version stands in the deed).
    """
    done = 0
    due = Matter.objects.filter(next_due__lt=now).with_names().order_by(F("next_due").asc())
    for matter in due[:BATCH]:
        done += _turn(matter, By(None, now, version=matter.version))
    return done


def _turn(matter: Matter, by: By) -> int:
    try:
        if matter.state == State.ANSWERED:
            close(matter, by)
        elif matter.state in RUNNING and matter.colour == Colour.LATE:
            escalate(matter, by)
        elif matter.out_of_time(by.now):
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
    above = people.next_level(below, deed.now) if below else None
    matter.escalate_due = None
    if above is None:
        return
    matter.joined = above
    matter.escalate_due = clock.next_escalation(matter, deed.now)
    deed.fields = {"joined": str(above.pk), "post": above.kind_id, "place": above.place.code}
    deed.fact("matter.escalated", level=above.place.level)
    deed.tell_post(above, "matter_joined")


def turn(now: datetime) -> None:
    """One turn of the loop: everything that is due, batch by batch."""
    while run_due(now) == BATCH:
        continue


JOBS = [Job(name="matters.clock", every=timedelta(seconds=5), run=turn)]
