"""Teams: setting one up, changing and closing it, and who belongs to it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words
from silin.people.models import Organisation, Team, TeamMember, today
from silin.places.models import Place


@transaction.atomic
def add_team(
    place: Place,
    *,
    name: str,
    kind: str,
    actor: User | None,
    now: datetime,
    colour: str = "",
    organisation: Organisation | None = None,
    active_from: date | None = None,
) -> Team:
    """Set up a team of ``place``. Raises ``NotAllowed``, ``Refused`` (``missing``, ``name_taken``, …)."""
    _may_edit(actor, place)
    team = Team(place=place, active_from=active_from or today(now))
    _fill(team, name, kind, colour, organisation)
    team.save(force_insert=True)
    fields = {"kind": kind, "place": place.code}
    record(subject=team.subject, action="add", actor=actor, now=now, fields=fields, first=True)
    return team


@transaction.atomic
def change_team(
    team: Team,
    *,
    name: str,
    kind: str,
    actor: User | None,
    now: datetime,
    colour: str = "",
    organisation: Organisation | None = None,
) -> Team:
    """Tell it anew. Raises as ``add_team`` does."""
    fresh = _lock(team)
    _may_edit(actor, fresh.place)
    _fill(fresh, name, kind, colour, organisation)
    fresh.save()
    record(subject=fresh.subject, action="change", actor=actor, now=now, fields={"kind": kind})
    return fresh


@transaction.atomic
def close_team(team: Team, *, actor: User | None, now: datetime, on: date | None = None) -> Team:
    """It turns out no longer, from today or another day on; its members leave it. Raises ``NotAllowed``."""
    fresh = _lock(team)
    _may_edit(actor, fresh.place)
    if fresh.active_until is None:
        fresh.active_until = max(on or today(now), fresh.active_from)
        fresh.save(update_fields=["active_until"])
        fresh.members.filter(valid_until=None, valid_from__gt=fresh.active_until).delete()
        fresh.members.filter(valid_until=None).update(valid_until=fresh.active_until)
        fields = {"on": fresh.active_until.isoformat()}
        record(subject=fresh.subject, action="close", actor=actor, now=now, fields=fields)
    return fresh


@transaction.atomic
def join_team(
    team: Team,
    user: User,
    *,
    actor: User | None,
    now: datetime,
    captain: bool = False,
    since: date | None = None,
) -> TeamMember:
    """``user`` belongs to the team from a day on; as its captain they take the place of the one before.

    A second time changes nothing. Raises ``NotAllowed``, ``Refused`` (``closed``).
    """
    fresh, since = _lock(team), since or today(now)
    _may_edit(actor, fresh.place)
    if fresh.active_until is not None and fresh.active_until <= since:
        raise Refused("closed", _("This team was closed."))
    member = fresh.members.filter(user=user, valid_until=None).first()
    if member is not None and member.captain == captain:
        return member
    if captain:
        fresh.members.filter(captain=True, valid_until=None).update(captain=False)
    member = member or TeamMember(team=fresh, user=user, valid_from=since)
    member.captain = captain
    member.save()
    fields = {"user": str(user.pk), "captain": captain}
    record(subject=fresh.subject, action="join", actor=actor, now=now, fields=fields)
    return member


@transaction.atomic
def leave_team(
    member: TeamMember, *, actor: User | None, now: datetime, on: date | None = None
) -> TeamMember:
    """Belongs to the team no longer, from today or another day on. Raises ``NotAllowed``."""
    fresh = _lock(member.team)
    _may_edit(actor, fresh.place)
    member.refresh_from_db()
    if member.valid_until is None:
        member.valid_until = max(on or today(now), member.valid_from)
        member.save(update_fields=["valid_until"])
        fields = {"user": str(member.user_id), "on": member.valid_until.isoformat()}
        record(subject=fresh.subject, action="leave", actor=actor, now=now, fields=fields)
    return member


def _fill(team: Team, name: str, kind: str, colour: str, organisation: Organisation | None) -> None:
    team.name = clean_words(name, field="name", at_least=2, at_most=60)
    if kind not in Team.Kind.values or colour not in Team.Colour.values:
        raise Refused("bad_kind", _("Please choose one of the kinds."), field="kind")
    team.kind, team.colour, team.organisation = kind, colour, organisation
    if Team.objects.filter(place=team.place, name=team.name).exclude(pk=team.pk).exists():
        raise Refused("name_taken", _("There is a team of that name here already."), field="name")


def _lock(team: Team) -> Team:
    Team.objects.select_for_update().only("pk").get(pk=team.pk)
    return Team.objects.select_related("place").get(pk=team.pk)


def _may_edit(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm("people.edit", place):
        raise NotAllowed(_("You cannot change teams here."))
