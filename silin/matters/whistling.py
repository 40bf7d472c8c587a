"""Whistling several posts to a matter (吹哨报到): who leads, who helps, who came and who is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from silin.files.models import File
from silin.lib.refusal import NotFound, Refused
from silin.matters import clock, parts, taking_back
from silin.matters.called import call_of, kinds_to_call, running, whistling_posts
from silin.matters.deeds import Deed, verb
from silin.matters.duties import cited
from silin.matters.handling import ARBITRATED, ARBITRATION, end_pause
from silin.matters.models import Assignment, DutyItem, Photo, State
from silin.matters.triage import bodies_of, may_decide
from silin.people.models import Post, Team
from silin.places.queries import calendar


@verb("whistle")
def whistle(deed: Deed, lead: Post, others: Sequence[Post] = ()) -> None:
    """Call one post to lead and any number to help; each has to come within ``matters.report_hours``.

    Who is still at it from an earlier whistle and is not called again is let go. Raises ``NotFound`` for a
    post that no rule lets the whistler call, ``Refused`` (``arbitration``) while the level above decides.
    """
    matter = deed.matter
    assert deed.actor is not None
    may_decide(deed)
    posts = whistling_posts(matter, deed.actor, deed.now)
    beside = [post for post in dict.fromkeys(others) if post != lead]
    for post in (lead, *beside):
        if post.kind_id not in kinds_to_call(posts) or not matter.placed_path.startswith(post.place.path):
            raise NotFound(_("That post is not yours to call."), field="lead")
    rule = ARBITRATED if matter.why.get("rule") == ARBITRATION else "whistle"
    taking_back.keep(deed)
    if deed.before == State.WAITING:
        end_pause(deed)
    deed.post = posts[0]
    parts.let_go(matter, deed.now)
    _offer(deed, lead, beside)
    matter.holder, matter.why = lead, {"rule": rule, "post": lead.kind_id, "place": lead.place.code}
    matter.whistled += 1 + len(beside)
    clock.restart_responding(matter, deed.now)
    parts.recount(deed.matter)
    deed.fields = {"to": str(lead.pk), "post": lead.kind_id, "others": [post.kind_id for post in beside]}
    deed.fields |= bodies_of([lead, *beside])
    deed.fact("matter.dispatched", level=lead.place.level, amount=1 + len(beside))
    deed.move(State.ASSIGNED)
    for post in (lead, *beside):
        deed.tell_post(post, "matter_whistled")


@verb("report_in")
def report_in(deed: Deed) -> None:
    """Come (报到): the department is on the spot, or has spoken with the raiser. Counted once."""
    call = _mine(deed)
    call.arrived_at = deed.now
    call.save(update_fields=["arrived_at"])
    hours = round(calendar().hours_between(call.offered_at, deed.now), 2)
    deed.fact(
        "matter.reported_in",
        level=call.post.place.level,
        on_time=deed.now <= call.report_due,
        hours=hours,
    )
    deed.post = call.post
    parts.recount(deed.matter)
    deed.move(deed.before)
    deed.tell_post(call.sent_from, "matter_reported_in")


@verb("report_overdue")
def report_overdue(deed: Deed) -> None:
    """Somebody who was whistled has not come in time: they and whoever whistled are told, once."""
    for call in running(deed.matter):
        if call.arrived_at is None and not call.warned and call.report_due < deed.now:
            call.warned = True
            call.save(update_fields=["warned"])
            for post in (call.post, call.sent_from):
                deed.tell_post(post, "matter_report_overdue")
    parts.recount(deed.matter)
    deed.move(deed.before)


@verb("take_part")
def take_part(deed: Deed) -> None:
    """Take one's part beside the lead (签收)."""
    call = _mine(deed)
    call.state, call.accepted_at = Assignment.State.ACCEPTED, deed.now
    call.save(update_fields=["state", "accepted_at"])
    deed.post = call.post
    deed.move(deed.before)


@verb("finish")
def finish(deed: Deed, after: Sequence[File] = ()) -> None:
    """Be done with one's part; the lead, who answers for the whole, is told."""
    call = _mine(deed)
    _end(deed, call, Assignment.State.DONE)
    Photo.objects.bulk_create(
        Photo(matter=deed.matter, file=file, stage=Photo.Stage.AFTER, by=deed.actor, at=deed.now)
        for file in after
    )
    deed.tell_post(deed.matter.holder, "matter_part_done")


@verb("step_back")
def step_back(deed: Deed, item: DutyItem | None = None, other_reason: bool = False) -> None:
    """Give one's part back with a reason; whoever whistled decides who else.

    It cites the line of a duty list where one is about such matters (``cited``).
    """
    call = _mine(deed)
    deed.fields = cited(deed.matter, call.post, item, other_reason, deed.now)
    _end(deed, call, Assignment.State.RETURNED)
    deed.fact("matter.returned", level=call.post.place.level)
    deed.tell_post(call.sent_from, "matter_part_returned")


@verb("waive")
def waive(deed: Deed, call: Assignment) -> None:
    """Let somebody beside the lead go: their part is not needed any more."""
    found = next((each for each in running(deed.matter) if each.pk == call.pk and not each.lead), None)
    if found is None:
        raise Refused("ended", _("That part has ended already."), field="call", status=409)
    desk = deed.post
    _end(deed, found, Assignment.State.WAIVED)
    deed.fields["post"], deed.post = found.post.kind_id, desk
    deed.tell_post(found.post, "matter_part_waived")


@verb("hand_on")
def hand_on(deed: Deed, team: Team) -> None:
    """Hand one's part to a team or contractor of one's own; the clock and the answer stay one's own."""
    call = _mine(deed)
    if team.organisation_id is None or team.organisation_id != call.post.organisation_id:
        raise NotFound(_("That is not a team of yours."), field="team")
    call.team = team
    call.save(update_fields=["team"])
    deed.fields = {"team": team.name}
    deed.post = call.post
    deed.move(deed.before)


@verb("rate")
def rate(deed: Deed, call: Assignment, grade: int, came: bool, solved: bool) -> None:
    """Whoever whistled says how it was with each who came (谁吹哨谁评价), once."""
    assert deed.actor is not None
    fresh = deed.matter.assignments.select_related("post__place", "sent_from").filter(pk=call.pk).first()
    if fresh is None or fresh.rated_at is not None:
        raise Refused("rated", _("You have graded them already."), field="call", status=409)
    if grade not in range(1, 6):
        raise Refused("bad_grade", _("Please choose one of the five."), field="grade")
    fresh.grade, fresh.came, fresh.solved, fresh.rated_at = grade, came, solved, deed.now
    fresh.save(update_fields=["grade", "came", "solved", "rated_at"])
    deed.fields = {"post": fresh.post.kind_id, "grade": grade}
    deed.fact("matter.rated", grade=grade, level=fresh.post.place.level)
    deed.move(State.CLOSED)
    deed.tell_post(fresh.post, "matter_rated")


def _offer(deed: Deed, lead: Post, beside: Sequence[Post]) -> None:
    """A part for each of those who are called."""
    assert deed.actor is not None
    assert deed.post is not None
    due = clock.report_due(deed.matter, deed.now)
    shared = {"matter": deed.matter, "sent_from": deed.post, "sent_by": deed.actor}
    Assignment.objects.bulk_create(
        Assignment(post=post, lead=post == lead, offered_at=deed.now, report_due=due, **shared)
        for post in (lead, *beside)
    )


def _mine(deed: Deed) -> Assignment:
    assert deed.actor is not None
    call = call_of(deed.matter, deed.actor, deed.now)
    assert call is not None  # the table let nobody else come this far
    return call


def _end(deed: Deed, call: Assignment, state: str) -> None:
    call.state, call.ended_at = state, deed.now
    call.save(update_fields=["state", "ended_at"])
    deed.post = call.post
    parts.recount(deed.matter)
    deed.move(deed.before)
