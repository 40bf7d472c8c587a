"""How grave a dispute is and who leads it; meetings at which somebody mediates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.kinds.dispute import due
from silin.kinds.dispute.models import ORDER, Dispute, Meeting, Risk, RiskRule
from silin.kinds.dispute.table import of
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words
from silin.matters import clock
from silin.matters.deeds import By, Deed, verb
from silin.matters.handling import end_pause
from silin.matters.models import Matter, State
from silin.matters.raising import Report, raise_matter
from silin.matters.table import level_above
from silin.people import queries as people
from silin.people.models import Post, Team
from silin.places.levels import Level

KEY = "dispute"
LEADS = {
    Level.COMMUNITY: ("community_desk", "community_secretary"),
    Level.STREET: ("street_duty", "street_centre_head"),
    Level.COUNTY: ("county_duty",),
    Level.CITY: ("city_duty", "city_admin"),
}
"""The posts that lead at a level, the first first."""
PARTIES_AT_MOST, WHERE_AT_MOST = 200, 60


def raise_dispute(by: By, report: Report, *, parties: str = "", risk: str = Risk.GREEN) -> Matter:
    """Raise a dispute, graded from the first word on. Raises as ``raise_matter`` and ``grade`` do."""
    with transaction.atomic():
        matter = raise_matter(KEY, by, report)
        beside = of(matter)
        if parties.strip() and not beside.parties:
            beside.parties = clean_words(parties, field="parties", at_most=PARTIES_AT_MOST)
            beside.save(update_fields=["parties"])
        first = matter.version == 1  # sent again, it stays as it has been graded since
        if first and ORDER.index(Risk(risk)) > ORDER.index(Risk(beside.risk)):
            matter = grade(matter, By(by.actor, by.now, words=matter.title), risk=risk)
    return matter


def begin(deed: Deed) -> None:
    """Hook: every dispute begins green, and is looked at from the first day on."""
    beside = Dispute(matter=deed.matter)
    beside.next_look = due.next_look(beside, deed.now)
    beside.save(force_insert=True)
    due.note(deed.matter, beside)


@verb("risk")
def grade(deed: Deed, risk: str) -> None:
    """Grade the risk: up by anybody who sees it, at once; down by the level above, with a reason.

    The level that leads takes it over. Raises ``Refused`` (``bad_risk``, ``same_risk``), ``NotAllowed``.
    """
    beside = of(deed.matter)
    if risk not in Risk.values:
        raise Refused("bad_risk", _("Please choose one of the three."), field="risk")
    if risk == beside.risk:
        raise Refused("same_risk", _("That is its grade already."), field="risk")
    assert deed.actor is not None
    down = ORDER.index(Risk(risk)) < ORDER.index(Risk(beside.risk))
    if down and not level_above(deed.matter, deed.actor, deed.now):
        raise NotAllowed(_("Only the level above grades it down."), field="risk")
    beside.risk = risk
    beside.next_look = due.next_look(beside, deed.now)
    beside.save(update_fields=["risk", "next_look"])
    deed.fields = {"risk": risk, "team": str(beside.get_risk_display())}
    deed.fact("matter.graded", outcome=risk)
    deed.move(deed.before)
    _hand_to_lead(deed, risk)
    due.note(deed.matter, beside)


@verb("arrange")
def arrange(
    deed: Deed, at: datetime, where: str, mediators: Sequence[Post] = (), team: Team | None = None
) -> None:
    """Arrange a meeting: when, where, who mediates. One waits at a time.

    Raises ``Refused`` (``arranged``, ``too_early``, ``missing``).
    """
    matter = deed.matter
    if matter.meetings.filter(outcome="").exists():
        raise Refused("arranged", _("A meeting is arranged already; hold it first."), status=409)
    if at <= deed.now - timedelta(days=1):
        raise Refused("too_early", _("Please choose a day to come."), field="at")
    if not mediators and team is None:
        raise Refused("missing", _("Please say who mediates."), field="mediators")
    place = clean_words(where, field="where", at_least=1, at_most=WHERE_AT_MOST)
    meeting = Meeting.objects.create(matter=matter, at=at, where=place, team=team)
    meeting.mediators.set(mediators)
    deed.fields = {"at": at.isoformat(), "where": place}
    deed.move(deed.before)
    link = f"/w/tasks/{matter.number}/"
    for post in mediators:
        deed.tell(people.holders(post, deed.now), "dispute_arranged", link)
    deed.tell_raiser("dispute_arranged")


@verb("mediate")
def mediate(deed: Deed, outcome: str) -> None:
    """Hold the meeting and say how it ended. Raises ``Refused`` (``not_arranged``, ``bad_outcome``)."""
    if outcome not in Meeting.Outcome.values:
        raise Refused("bad_outcome", _("Please choose how it ended."), field="outcome")
    held = deed.matter.meetings.filter(outcome="").update(outcome=outcome, held_at=deed.now)
    if not held:
        raise Refused("not_arranged", _("Please arrange a meeting first."), status=409)
    deed.fields = {"outcome_of_meeting": outcome}
    deed.fact("matter.mediated", outcome=outcome)
    deed.move(deed.before)


@verb("watch")
def watch(deed: Deed) -> None:
    """Look how it stands, from the level above; the next look is due after so many days."""
    beside = of(deed.matter)
    beside.next_look = due.next_look(beside, deed.now)
    beside.save(update_fields=["next_look"])
    deed.move(deed.before)
    due.note(deed.matter, beside)


def visit_first(deed: Deed) -> None:
    """Hook: an answered dispute is closed by a visit. Raises ``Refused`` (``visit_first``)."""
    if deed.before == State.ANSWERED:
        raise Refused("visit_first", _("Somebody has to go and see first whether it holds."), status=409)


def ended(deed: Deed) -> None:
    """Hook: nothing falls due any more."""
    deed.matter.own_due = None


def in_sight_again(deed: Deed) -> None:
    """Hook: opened again, it is looked at again; what had been agreed before is over."""
    if not deed.matter.is_open:
        return
    beside = of(deed.matter)
    beside.confirm_by = beside.visit_on = None
    beside.next_look = due.next_look(beside, deed.now)
    beside.save(update_fields=["confirm_by", "visit_on", "next_look"])
    due.note(deed.matter, beside)


def _hand_to_lead(deed: Deed, risk: str) -> None:
    """Let the level that leads at this risk have it; who had it stays beside, so nobody loses sight of it."""
    matter, level = deed.matter, Level(RiskRule.objects.get(pk=risk).level)
    if matter.holder is not None and Level(matter.holder.place.level).depth <= level.depth:
        return
    duty = people.on_duty(matter.place, LEADS.get(level, ()), deed.now)
    if duty is None or duty.post == matter.holder:
        return
    if deed.before == State.WAITING:
        end_pause(deed)
    matter.joined, matter.holder = matter.holder, duty.post
    deed.fields["to"] = str(duty.post.pk)
    matter.why = {"rule": "risk", "post": duty.post.kind_id, "place": duty.post.place.code}
    clock.restart_responding(matter, deed.now)
    deed.move(State.ASSIGNED)
    deed.tell_post(duty.post, "dispute_graded")
