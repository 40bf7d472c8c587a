"""Teams: setting one up, changing and closing it, and who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.ids import new_id
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.lib.text import clean_words
from silin.people.models import Organisation, Team, TeamMember, today
from silin.places.models import Place


@dataclass(frozen=True)
class AboutTeam:
    """What is told of a team."""

    name: str
    kind: str
    colour: str = ""
    joining: str = ""
    organisation: Organisation | None = None

    @classmethod
    def of(cls, team: Team) -> AboutTeam:
        """What is told of ``team`` now."""
        return cls(**{each.name: getattr(team, each.name) for each in fields(cls)})


@transaction.atomic
def add_team(
    place: Place,
    about: AboutTeam,
    *,
    actor: User | None,
    now: datetime,
    active_from: date | None = None,
    key: UUID | None = None,
) -> Team:
    """Set up a team of ``place``. The same ``key`` a second time gives the team that there is.

    Raises ``NotAllowed``, ``Refused`` (``missing``, ``too_long``, ``bad_kind``, ``name_taken``).
    """
    _may_edit(actor, place)
    Place.objects.select_for_update().only("pk").get(pk=place.pk)
    if key is not None and (there := Team.objects.filter(pk=key, place=place).first()):
        return there
    team = Team(pk=key or new_id(), place=place, active_from=active_from or today(now))
    _fill(team, about)
    team.save(force_insert=True)
    told = {"kind": team.kind, "place": place.code}
    record(subject=team.subject, action="add", actor=actor, now=now, fields=told, first=True)
    return team


@transaction.atomic
def change_team(
    team: Team, about: AboutTeam, *, actor: User | None, now: datetime, seen: AboutTeam | None = None
) -> Team:
    """Tell it anew. ``seen`` is what it said when the person began to write.

    Raises as ``add_team`` does, and ``Changed`` where it says something else by now.
    """
    fresh = _lock(team)
    _may_edit(actor, fresh.place)
    before = AboutTeam.of(fresh)
    if about == before:
        return fresh
    if seen is not None and seen != before:
        raise Changed(_("Somebody changed this since you looked. Please look at it as it stands."))
    _fill(fresh, about)
    fresh.save()
    changed = sorted(
        each.name for each in fields(AboutTeam) if getattr(about, each.name) != getattr(before, each.name)
    )
    record(subject=fresh.subject, action="change", actor=actor, now=now, fields={"changed": changed})
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
        fresh.members.filter(valid_until=None).update(valid_until=fresh.active_until, left_with_team=True)
        told = {"on": fresh.active_until.isoformat()}
        record(subject=fresh.subject, action="close", actor=actor, now=now, fields=told)
    return fresh


@transaction.atomic
def reopen_team(team: Team, *, actor: User | None, now: datetime) -> Team:
    """Undo ``close_team``; whom the closing made leave belongs to it again, not who had left before.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates`` where the day is over).
    """
    fresh = _lock(team)
    _may_edit(actor, fresh.place)
    if fresh.active_until is None:
        return fresh
    if fresh.active_until < today(now):
        raise Refused("bad_dates", _("That can no longer be taken back. Set the team up anew."))
    fresh.members.filter(left_with_team=True).update(valid_until=None, left_with_team=False)
    fresh.active_until = None
    fresh.save(update_fields=["active_until"])
    record(subject=fresh.subject, action="reopen", actor=actor, now=now)
    return fresh


@transaction.atomic
def join_team(
    team: Team,
    user: User,
    *,
    actor: User | None,
    now: datetime,
    captain: bool = False,
    named: bool = False,
    since: date | None = None,
) -> TeamMember:
    """``user`` belongs to the team from a day on; as its captain they take the place of the one before.

    ``named``: residents may read who the captain is. A second time changes nothing.

    Raises ``NotAllowed``, ``Refused`` (``closed``).
    """
    fresh, since = _lock(team), since or today(now)
    _may_edit(actor, fresh.place)
    if fresh.active_until is not None and fresh.active_until <= since:
        raise Refused("closed", _("This team was closed."))
    member = fresh.members.filter(user=user, valid_until=None).first()
    named = named and captain
    if member is not None and (member.captain, member.named) == (captain, named):
        return member
    if captain:
        fresh.members.filter(captain=True, valid_until=None).update(captain=False, named=False)
    member = member or TeamMember(team=fresh, user=user, valid_from=since)
    member.captain, member.named = captain, named
    member.save()
    told = {"user": str(user.pk), "captain": captain, "named": named}
    record(subject=fresh.subject, action="join", actor=actor, now=now, fields=told)
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
        told = {"user": str(member.user_id), "on": member.valid_until.isoformat()}
        record(subject=fresh.subject, action="leave", actor=actor, now=now, fields=told)
    return member


def _fill(team: Team, about: AboutTeam) -> None:
    team.name = clean_words(about.name, field="name", at_least=2, at_most=60)
    team.joining = clean_words(about.joining, field="joining", at_most=100)
    if about.kind not in Team.Kind.values or about.colour not in Team.Colour.values:
        raise Refused("bad_kind", _("Please choose one of the kinds."), field="kind")
    team.kind, team.colour, team.organisation = about.kind, about.colour, about.organisation
    if Team.objects.filter(place=team.place, name=team.name).exclude(pk=team.pk).exists():
        raise Refused("name_taken", _("There is a team of that name here already."), field="name")


def _lock(team: Team) -> Team:
    Team.objects.select_for_update().only("pk").get(pk=team.pk)
    return Team.objects.select_related("place", "organisation").get(pk=team.pk)


def _may_edit(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm("teams.edit", place):
        raise NotAllowed(_("You cannot change teams here."))
