"""Looking at the answer: verify, reject, close, and what may come after: reopen, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import tokens
from silin.lib.refusal import Refused
from silin.matters import clock, parts, watching
from silin.matters.deeds import By, Deed, hold_merged, lock, verb, write
from silin.matters.joining import go_back
from silin.matters.models import Colour, Link, Matter, Outcome, State
from silin.matters.routing import route
from silin.people import queries as people
from silin.places.numbers import number

WITHOUT_WORK = (Outcome.ADVISED, Outcome.PASSED_ON, Outcome.NOT_FOUND, Outcome.DUPLICATE)
REVIEW = "review"


@verb("verify")
def verify(deed: Deed) -> None:
    """Somebody other than the handler has looked and it is so: closed."""
    deed.fact("matter.verified", outcome="passed")
    settle(deed)


@verb("reject")
def reject(deed: Deed) -> None:
    """Not so yet: back into the same hands with a short new time. Late stays late."""
    go_on(deed)
    deed.tell_post(deed.matter.holder, "matter_rejected")


def go_on(deed: Deed) -> None:
    """What was answered is not so yet: it goes on where it was."""
    matter = deed.matter
    matter.answered_at, matter.outcome, matter.verify_due = None, "", None
    clock.restart_handling(matter, deed.now, days=number("matters.redo_days", matter.placed_path))
    below = matter.joined or matter.holder
    if matter.colour == Colour.LATE and below is not None and people.desk_above(below, deed.now):
        matter.escalate_due = clock.next_escalation(matter, deed.now)
    deed.fact("matter.verified", outcome="failed")
    deed.move(State.IN_HAND)


@verb("close")
def close(deed: Deed, outcome: str = "") -> None:
    """A desk closes an answered matter, or one that needs no work (with words); the clock closes by lapse."""
    matter = deed.matter
    if deed.before != State.ANSWERED:
        if outcome not in WITHOUT_WORK:
            raise Refused("bad_outcome", _("Please choose how it ended."), field="outcome")
        if not deed.words:
            raise Refused("missing", _("Please say why, the resident will read it."), field="words")
        matter.outcome = outcome
    elif deed.actor is None and deed.now < (matter.verify_due or deed.now):
        raise Refused("too_early", _("The raiser still has time to look."))
    settle(deed)


def reopen(matter: Matter, by: By) -> Matter:
    """Closed, but it is not fixed: back in hand, counted as rework. One that was merged goes on by itself.

    Raises ``Refused`` (``too_late``), and what a verb raises.
    """
    with transaction.atomic():
        hold_merged(matter)
        return _reopen(matter, by)


@verb("reopen")
def _reopen(deed: Deed) -> None:
    matter = deed.matter
    days = number("matters.reopen_days", matter.placed_path)
    if matter.closed_at is None or deed.now > matter.closed_at + timedelta(days=days):
        message = _("It was closed more than %(days)d days ago. Please report it anew.")
        raise Refused("too_late", message % {"days": days})
    open_again(deed)


@verb("withdraw")
def withdraw(deed: Deed) -> None:
    """The raiser takes it back before anybody has begun: nobody reads it any more, released or not."""
    cancel(deed)
    deed.tell_post(deed.matter.holder, "matter_withdrawn")
    deed.tell_followers("followed_closed")


def cancel(deed: Deed) -> None:
    """Nothing is to be done about it any more."""
    deed.matter.outcome, deed.matter.closed_at = Outcome.CANCELLED, deed.now
    deed.matter.released_at = None
    parts.let_go(deed.matter, deed.now)
    watching.let_go(deed.matter, deed.now)
    deed.move(State.WITHDRAWN)


def open_again(deed: Deed) -> None:
    """Back in hand with a short time. The fact that it was closed is taken back: one matter counts once."""
    matter = deed.matter
    if matter.outcome == Outcome.DUPLICATE:
        _part_again(deed)
    matter.reopens += 1
    matter.closed_at = matter.answered_at = matter.verify_due = matter.escalate_due = matter.handle_due = None
    matter.outcome, matter.colour = "", Colour.OK
    if matter.holder is None or not people.holders(matter.holder, deed.now):
        routed = route(matter.declared, matter.place, matter.category, matter.answers, deed.now)
        matter.holder, matter.why = routed.post, routed.why
    clock.restart_handling(matter, deed.now, days=number("matters.redo_days", matter.placed_path))
    deed.take_back("matter.closed")
    deed.fact("matter.reopened")
    deed.move(State.IN_HAND if matter.holder else State.RAISED)
    deed.tell_post(matter.holder, "matter_reopened")
    deed.tell_followers("followed_reopened")


def _part_again(deed: Deed) -> None:
    """It is not the same as the other one after all: whoever came along with it goes back."""
    for link in deed.matter.links.filter(what=Link.What.DUPLICATE, ended_at=None):
        link.ended_at = deed.now
        link.save(update_fields=["ended_at"])
        other, by = lock(link.other), replace(deed.by, version=None, client_id=None, words="")
        there = Deed(matter=other, action="let_out", by=by, words="", before=other.state, post=deed.post)
        go_back(there, deed.matter)
        write(there)


def settle(deed: Deed) -> None:
    """End it: whoever follows it hears, the raiser gets the link to a review where the kind asks for one.

    A raiser who closes it by their own look has the review in front of them and needs no link. Its secret is
    drawn when the text message goes out, so that it lies in no queue; the inbox links to the matter itself.
    """
    matter = deed.matter
    end(deed)
    deed.tell_followers("followed_closed")
    there = deed.actor is not None and deed.actor.pk == matter.raiser_id
    if (
        not matter.declared.reviewed
        or matter.raiser is None
        or there
        or matter.raiser_id == matter.handler_id
    ):
        return
    days = number("matters.review_days", matter.placed_path)
    secret = tokens.blank(REVIEW, matter.subject, timedelta(days=days))
    deed.tell_raiser("matter_closed", by_sms=f"/r/{secret}/")


def end(deed: Deed) -> None:
    """Close it, and leave the fact that counts."""
    matter = deed.matter
    matter.closed_at, matter.verify_due = deed.now, None
    parts.let_go(matter, deed.now)
    deed.move(State.CLOSED)
    deed.fields = {**deed.fields, "outcome": matter.outcome}
    deed.fact(
        "matter.closed",
        outcome=matter.outcome,
        level=matter.holder.place.level if matter.holder else "",
        on_time=matter.on_time,
        hours=clock.hours_used(matter) if matter.answered_at else None,
    )
