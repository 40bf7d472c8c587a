"""What the level above does: give time or not, put off, urge, supervise, look again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.history.models import Entry
from silin.lib.dates import day_words
from silin.lib.ids import draw_number
from silin.lib.refusal import Refused
from silin.matters import clock
from silin.matters.deeds import By, Deed, hold_merged, verb
from silin.matters.models import Asked, Matter, Pause, State, Supervision
from silin.matters.table import post_above
from silin.matters.verifying import open_again
from silin.places.numbers import number


@verb("extend")
def extend(deed: Deed, until: date) -> None:
    """Give time until the end of that working day (延期). Raises ``Refused`` as ``clock.extend`` does."""
    matter = deed.matter
    before = matter.handle_due
    clock.extend(matter, deed.now, clock.end_of(until))
    deed.fields = {"until": until.isoformat(), "was": before.isoformat() if before else ""}
    _decide(deed, Asked.EXTEND)
    deed.move(State.IN_HAND)
    deed.tell_post(matter.holder, "matter_extended")
    deed.tell_raiser("matter_extended")


@verb("defer")
def defer(deed: Deed, reason: str, until: date) -> None:
    """Put off what cannot be done now (挂账) until a review day; the raiser reads why.

    The clock goes on by itself on that day. What was put off is never counted as on time. Raises ``Refused``:
    ``bad_reason``, ``too_early``, ``too_late`` beyond ``matters.defer_days``.
    """
    matter = deed.matter
    if reason not in Pause.OF_DEFERRAL:
        raise Refused("bad_reason", _("Please choose why it cannot be done now."), field="reason")
    last = localdate(deed.now) + timedelta(days=number("matters.defer_days", matter.placed_path))
    if not localdate(deed.now) < until <= last:
        message = _("The review day has to be after today and not after %(day)s.")
        raise Refused("bad_day", message % {"day": day_words(last)}, field="until")
    assert deed.actor is not None
    Pause.objects.create(matter=matter, reason=reason, by=deed.actor, started_at=deed.now)
    matter.waiting_until, matter.deferred_at = clock.begin_of(until), deed.now
    deed.fields = {"reason": reason, "until": until.isoformat()}
    deed.fact("matter.deferred")
    _decide(deed, Asked.DEFER)
    deed.move(State.WAITING)
    deed.tell_post(matter.holder, "matter_deferred")
    deed.tell_raiser("matter_deferred")


@verb("decline")
def decline(deed: Deed) -> None:
    """Give no more time to whoever asked for it; the words say why."""
    _decide(deed, "")
    deed.move(State.IN_HAND)
    deed.tell_post(deed.matter.holder, "matter_declined")


@verb("urge")
def urge(deed: Deed) -> None:
    """Ask for it to go faster (催办), once in so many hours. Raises ``Refused`` (``too_soon``)."""
    matter = deed.matter
    hours = number("matters.urge_hours", matter.placed_path)
    since = deed.now - timedelta(hours=hours)
    if Entry.objects.filter(subject=matter.subject, action="urge", actor=deed.actor, at__gt=since).exists():
        message = _("You asked within the last %(hours)d hours; they have been told.")
        raise Refused("too_soon", message % {"hours": hours}, status=409)
    matter.urges += 1
    deed.move(deed.before)
    deed.tell_post(matter.holder, "matter_urged")


@verb("supervise")
def supervise(deed: Deed, until: date, instructed_by: str = "") -> None:
    """Put it under supervision with a numbered slip (督办): the words are the instruction, ``until`` the day
    by which a reply is due, ``instructed_by`` the leader's office where one wrote it (批示).

    Raises ``Refused`` (``supervised``, ``too_early``, ``day_off``).
    """
    matter = deed.matter
    if matter.supervised_by_id is not None:
        raise Refused("supervised", _("It is under supervision already."), status=409)
    due = clock.end_of(until)
    if due <= deed.now:
        raise Refused("too_early", _("Please choose a day to come."), field="until")
    assert deed.actor is not None
    above = post_above(matter, deed.actor, deed.now)
    assert above is not None
    slip = Supervision.objects.create(
        matter=matter,
        number=draw_number(),
        post=above,
        by=deed.actor,
        at=deed.now,
        reply_due=due,
        instructed_by=instructed_by,
    )
    matter.supervised_by, matter.reply_due = above, due
    deed.post = above
    deed.fields = {"slip": slip.number, "until": until.isoformat()}
    if instructed_by:
        deed.fields["instructed_by"] = instructed_by
    deed.fact("matter.supervised", level=above.place.level)
    deed.move(deed.before)
    deed.tell_post(matter.holder, "matter_supervised")


@verb("reply_overdue")
def reply_overdue(deed: Deed) -> None:
    """Nobody replied to the slip in time: whoever set it and whoever has the matter are told."""
    matter = deed.matter
    matter.reply_due = None
    deed.move(deed.before)
    for post in (matter.supervised_by, matter.holder):
        deed.tell_post(post, "matter_reply_overdue")


@verb("lift")
def lift(deed: Deed) -> None:
    """End the supervision; after some weeks the level above looks again (回头看)."""
    matter = deed.matter
    matter.supervisions.filter(lifted_at=None).update(lifted_at=deed.now)
    matter.supervised_by = matter.reply_due = None
    days = number("matters.look_back_days", matter.placed_path)
    matter.look_back_on = localdate(deed.now) + timedelta(days=days)
    deed.move(deed.before)
    deed.tell_post(matter.holder, "matter_lifted")


def look_back(matter: Matter, by: By, held: bool) -> Matter:
    """Look again at what was closed (回头看): it holds, or it fell back and is open again."""
    with transaction.atomic():
        hold_merged(matter)
        return _look_back(matter, by, held=held)


@verb("look_back")
def _look_back(deed: Deed, held: bool) -> None:
    looked_again(deed, held)


def looked_again(deed: Deed, held: bool) -> None:
    """What a second look leaves: the fact, and where it fell back the matter open again."""
    matter = deed.matter
    matter.look_back_on = None
    deed.fields = {"held": held}
    deed.fact("matter.looked_back", outcome="held" if held else "fell_back")
    if held:
        deed.move(State.CLOSED)
    else:
        open_again(deed)


def _decide(deed: Deed, granted: str) -> None:
    """Close the request for time, if there is one; granted where it asked for just that."""
    matter = deed.matter
    if matter.asked:
        asked = matter.time_requests.filter(decided_at=None)
        asked.update(decided_at=deed.now, decided_by=deed.actor, granted=matter.asked == granted)
        matter.asked = ""
