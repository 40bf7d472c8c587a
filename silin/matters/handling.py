"""What whoever has it in hand does: take it, give it back, stop the clock, answer with proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.files.models import File
from silin.lib.refusal import Refused
from silin.lib.text import listed
from silin.matters import clock, parts
from silin.matters.called import running
from silin.matters.deeds import Deed, verb
from silin.matters.duties import cited
from silin.matters.models import (
    Asked,
    Assignment,
    Colour,
    DutyItem,
    Outcome,
    Pause,
    Photo,
    State,
    TimeRequest,
)
from silin.matters.raising import needs_photo
from silin.matters.setters import asked_post
from silin.matters.verifying import settle
from silin.people import queries as people
from silin.places.numbers import number
from silin.places.queries import calendar

ARBITRATION, ARBITRATED = "arbitration", "arbitrated"
WAYS = ("phone", "visit", "message")
ANSWERS = (Outcome.FIXED, Outcome.ADVISED, Outcome.NOT_FEASIBLE, Outcome.NOT_FOUND)


@verb("accept")
def accept(deed: Deed) -> None:
    """Take it (签收): the respond clock stops, the raiser reads who has it and until when."""
    deed.matter.responded_at = deed.now
    parts.lead_took(deed.matter, deed.now)
    deed.move(State.IN_HAND)
    deed.tell_raiser("matter_accepted")
    deed.tell_followers("followed_accepted")


@verb("contact")
def contact(deed: Deed, how: str, reached: bool) -> None:
    """Speak with the raiser before anything else (先行联系), or try to; the first time counts.

    Raises ``Refused`` (``bad_way``) unless ``how`` is one of ``WAYS``.
    """
    matter = deed.matter
    if how not in WAYS:
        raise Refused("bad_way", _("Please say how you tried to reach them."), field="how")
    if matter.contacted_at is None:
        matter.contacted_at = deed.now
        hours = calendar().hours_between(matter.held_since, deed.now)
        deed.fact("matter.contacted", on_time=deed.now <= clock.contact_due(matter), hours=round(hours, 2))
    deed.fields = {"how": how, "reached": reached}
    deed.move(deed.before)


@verb("return")
def give_back(deed: Deed, item: DutyItem | None = None, other_reason: bool = False) -> None:
    """Give it back with a reason (退回): the desk above has to send it on, with a new time to respond.

    An office or a bureau cites the line of a duty list where one is about such matters (``cited``).

    After the third time the level above that desk decides (裁定), and what it decides cannot be given back:
    ``Refused`` (``arbitrated``).
    """
    matter = deed.matter
    if matter.why.get("rule") == ARBITRATED:
        raise Refused("arbitrated", _("The level above has decided that it is yours."), status=409)
    deed.fields = cited(matter, matter.holder, item, other_reason, deed.now)
    desk = people.desk_above(matter.holder, deed.now) if matter.holder else None
    desk = desk or people.desk_over(matter.place, deed.now)
    matter.returns += 1
    higher = people.desk_above(desk, deed.now) if desk else None
    if matter.returns >= number("matters.returns_at_most", matter.placed_path) and higher is not None:
        matter.holder, matter.why = higher, {"rule": ARBITRATION}
    else:
        matter.holder, matter.why = desk, {"rule": "returned"}
    parts.lead_ended(matter, Assignment.State.RETURNED, deed.now)
    clock.restart_responding(matter, deed.now)
    deed.move(State.RAISED)
    deed.fact("matter.returned")
    deed.tell_post(matter.holder, "matter_returned")


@verb("pause")
def pause(deed: Deed, reason: str) -> None:
    """Stop the handle clock for a reason outside the handler: ``resident``, ``third_party``, ``date``."""
    if reason not in Pause.OF_HANDLER:
        raise Refused("bad_reason", _("Please choose what it waits for."), field="reason")
    assert deed.actor is not None
    Pause.objects.create(matter=deed.matter, reason=reason, by=deed.actor, started_at=deed.now)
    clock.wait(deed.matter, deed.now)
    deed.fields = {"reason": reason}
    deed.move(State.WAITING)
    deed.tell_raiser("matter_paused")


@verb("resume")
def resume(deed: Deed) -> None:
    """Go on: the deadline moves by the working time it stood still. In the end the clock does it itself."""
    stopped, holder = end_pause(deed), deed.matter.holder
    deed.move(State.IN_HAND)
    if deed.actor is None:
        deed.tell_post(holder, "matter_resumed")
        if holder is not None and stopped.reason in Pause.OF_DEFERRAL:
            deed.tell_post(people.desk_above(holder, deed.now), "matter_resumed")


def end_pause(deed: Deed) -> Pause:
    """Let the clock of a paused matter run again from now on; gives the pause that ended."""
    stopped = Pause.objects.get(matter=deed.matter, ended_at=None)
    stopped.ended_at = deed.now
    stopped.save(update_fields=["ended_at"])
    deed.matter.waiting_until = None
    clock.go_on(deed.matter, stopped.started_at, deed.now)
    return stopped


@verb("ask")
def ask(deed: Deed, what: str, until: date) -> None:
    """Ask the desk above for more time (``extend``) or to put it off until a review day (``defer``)."""
    matter = deed.matter
    if what not in Asked.values:
        raise Refused("bad_request", _("Please choose what you ask for."), field="what")
    if matter.asked:
        raise Refused("asked", _("You have asked already; the desk above has still to decide."), status=409)
    if until <= localdate(deed.now):
        raise Refused("too_early", _("Please choose a day to come."), field="until")
    assert deed.actor is not None
    TimeRequest.objects.create(matter=matter, what=what, until=until, asked_by=deed.actor, asked_at=deed.now)
    matter.asked = what
    deed.fields = {"what": what, "until": until.isoformat()}
    deed.move(State.IN_HAND)
    deed.tell_post(asked_post(matter, deed.now), "matter_asked")


@verb("reply")
def reply(deed: Deed) -> None:
    """Reply to a slip of supervision: how it stands and what comes next."""
    matter = deed.matter
    matter.reply_due = None
    matter.supervisions.filter(lifted_at=None).update(replied_at=deed.now)
    deed.move(deed.before)
    deed.tell_post(matter.supervised_by, "matter_replied")


@verb("answer")
def answer(
    deed: Deed, outcome: str = Outcome.FIXED, before: Sequence[File] = (), after: Sequence[File] = ()
) -> None:
    """Report it done (反馈) with an outcome, words and proof; the raiser or another post looks next.

    Raises ``Refused``: ``bad_outcome``, ``others`` while somebody beside the lead is still at it,
    ``needs_photo``. Where a head has to sign first, the table lets nobody answer (``writer``).
    """
    may_answer(deed, outcome, after)
    deed.fields = {"outcome": outcome, "photos": len(before) + len(after)}
    keep_photos(deed, before, after)
    finish_answer(deed, deed.actor, outcome)


def may_answer(deed: Deed, outcome: str, after: Any) -> None:
    """Whether such an answer may be given now. Raises ``Refused`` as ``answer``."""
    matter = deed.matter
    if outcome not in ANSWERS:
        raise Refused("bad_outcome", _("Please choose how it ended."), field="outcome")
    if others := [call for call in running(matter) if not call.lead]:
        message = _("Still at it: %(posts)s. Wait for them, or let the desk let them go.")
        raise Refused("others", message % {"posts": listed(others)}, status=409)
    if matter.declared.proof and outcome == Outcome.FIXED and not after:
        raise needs_photo()


def keep_photos(deed: Deed, before: Sequence[File], after: Sequence[File], *, unsigned: bool = False) -> None:
    """Put the pictures of an answer beside the matter; ``unsigned``: a head has to sign it first."""
    of: dict[str, Any] = {"matter": deed.matter, "by": deed.actor, "at": deed.now, "unsigned": unsigned}
    for stage, files in ((Photo.Stage.BEFORE, before), (Photo.Stage.AFTER, after)):
        Photo.objects.bulk_create([Photo(file=file, stage=stage, **of) for file in files])


def finish_answer(deed: Deed, handler: User | None, outcome: str) -> None:
    """The answer leaves: its clock stops, the fact is written, the raiser or another post looks next."""
    matter = deed.matter
    if matter.out_of_time(deed.now):
        matter.colour = Colour.LATE
        deed.fact("matter.overdue")
        deed.fact("matter.warned", outcome="red", origin="system")
        deed.fields["late"] = True
    matter.answered_at, matter.handler, matter.outcome = deed.now, handler, outcome
    level = matter.holder.place.level if matter.holder else ""
    deed.fact(
        "matter.answered",
        outcome=outcome,
        level=level,
        on_time=matter.on_time,
        hours=clock.hours_used(matter),
    )
    parts.lead_ended(matter, Assignment.State.DONE, deed.now)
    if not matter.declared.verified_by:
        settle(deed)
        return
    clock.start_verifying(matter, deed.now)
    deed.move(State.ANSWERED)
    deed.tell_raiser("matter_answered")
    deed.tell_followers("followed_answered")
