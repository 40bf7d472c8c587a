"""Organisations: adding, changing, closing; who belongs to an alliance; who runs an estate or a shop."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words
from silin.people.models import AllianceMember, Holding, Organisation, Post, Running, today
from silin.places.models import Block, Estate, Facility, Place

KINDS_OF_ROLE = {
    Running.Role.PROPERTY_COMPANY: (Organisation.Kind.PROPERTY,),
    Running.Role.OWNERS_COMMITTEE: (Organisation.Kind.OWNERS,),
    Running.Role.SELF_RULE: (Organisation.Kind.SELF_RULE,),
}
"""Which kind of organisation a role needs; any kind may be a keeper."""

ROLES_OF = {
    "estate": (Running.Role.PROPERTY_COMPANY, Running.Role.OWNERS_COMMITTEE, Running.Role.SELF_RULE),
    "block": (Running.Role.KEEPER, Running.Role.PROPERTY_COMPANY, Running.Role.SELF_RULE),
    "facility": (Running.Role.KEEPER, Running.Role.PROPERTY_COMPANY, Running.Role.SELF_RULE),
}
"""In which roles each is run: nobody keeps an estate as one keeps a shop."""


@dataclass(frozen=True)
class About:
    """What is told of an organisation."""

    name: str
    kind: str
    parent: Organisation | None = None
    telephone: str = ""
    address: str = ""
    active_from: date | None = None


@transaction.atomic
def add_organisation(place: Place, about: About, *, actor: User | None, now: datetime) -> Organisation:
    """Put an organisation of ``place`` down. ``actor`` None is the installer.

    Raises ``NotAllowed``, ``Refused`` (``missing``, ``too_long``, ``name_taken``, ``bad_parent``).
    """
    _may_edit(actor, place)
    row = Organisation(place=place)
    _fill(row, about)
    row.save(force_insert=True)
    told = {"kind": row.kind, "place": place.code}
    record(subject=row.subject, action="add", actor=actor, now=now, fields=told, first=True)
    return row


@transaction.atomic
def change_organisation(
    organisation: Organisation, about: About, *, actor: User | None, now: datetime
) -> Organisation:
    """Tell it anew. Raises as ``add_organisation`` does, and ``Refused`` (``has_members``)."""
    row = _lock(organisation)
    _may_edit(actor, row.place)
    before = {each.name: getattr(row, each.name) for each in fields(about)}
    if about.kind not in Organisation.ALLIANCES and row.members.filter(valid_until=None).exists():
        raise Refused("has_members", _("It has members: it can only be an alliance."), field="kind")
    _fill(row, about)
    row.save()
    changed = sorted(name for name, old in before.items() if getattr(row, name) != old)
    record(subject=row.subject, action="change", actor=actor, now=now, fields={"changed": changed})
    return row


@transaction.atomic
def close_organisation(
    organisation: Organisation, *, actor: User | None, now: datetime, on: date | None = None
) -> Organisation:
    """It no longer exists from a day on: its memberships and what it runs end with it.

    Raises ``NotAllowed``, ``Refused`` (``posts_held`` where somebody holds a post of it, ``bad_dates``).
    """
    row, last = _lock(organisation), on or today(now)
    _may_edit(actor, row.place)
    if row.active_until is not None and row.active_until <= last:
        return row
    if row.active_from is not None and last < row.active_from:
        raise Refused("bad_dates", _("The last day lies before the first."), field="on")
    if Holding.objects.current(last).filter(post__organisation=row).exists():
        raise Refused("posts_held", _("People hold posts of it. End those first."))
    row.active_until = last
    row.save(update_fields=["active_until"])
    Post.objects.filter(organisation=row, closed_on=None).update(closed_on=last)
    going_on = Q(valid_until=None) | Q(valid_until__gt=last)
    for rows in (
        AllianceMember.objects.filter(Q(alliance=row) | Q(member=row)),
        Running.objects.filter(organisation=row),
    ):
        rows.filter(going_on, valid_from__gt=last).delete()
        rows.filter(going_on).update(valid_until=last)
    record(subject=row.subject, action="close", actor=actor, now=now, fields={"on": last.isoformat()})
    return row


@transaction.atomic
def join_alliance(
    alliance: Organisation,
    member: Organisation,
    *,
    actor: User | None,
    now: datetime,
    since: date | None = None,
) -> AllianceMember:
    """``member`` belongs to ``alliance`` from a day on. A second time changes nothing.

    Raises ``NotAllowed``, ``Refused`` (``no_alliance``, ``itself``, ``closed``, ``bad_dates``).
    """
    row, since = _lock(alliance), since or today(now)
    _may_edit(actor, row.place)
    if not row.is_alliance:
        raise Refused("no_alliance", _("Only an alliance has member organisations."))
    if member.pk == row.pk:
        raise Refused("itself", _("An alliance is no member of itself."), field="member")
    for each in (row, member):
        _check_open(each, since)
    known = row.members.filter(member=member).order_by("-valid_from")
    if going_on := known.filter(valid_until=None).first():
        return going_on
    _check_free(known.filter(valid_until__gt=since).exists())
    made = AllianceMember.objects.create(alliance=row, member=member, valid_from=since)
    told = {"member": str(member.pk), "from": since.isoformat()}
    record(subject=row.subject, action="join", actor=actor, now=now, fields=told)
    return made


@transaction.atomic
def leave_alliance(membership: AllianceMember, *, actor: User | None, now: datetime) -> AllianceMember:
    """The member belongs to the alliance no longer, from today on. Raises ``NotAllowed``."""
    row = _lock(membership.alliance)
    _may_edit(actor, row.place)
    membership.refresh_from_db()
    if membership.valid_until is None:
        membership.valid_until = max(today(now), membership.valid_from)
        membership.save(update_fields=["valid_until"])
        told = {"member": str(membership.member_id)}
        record(subject=row.subject, action="leave", actor=actor, now=now, fields=told)
    return membership


@transaction.atomic
def start_running(
    organisation: Organisation,
    what: Estate | Facility | Block,
    role: str,
    *,
    actor: User | None,
    now: datetime,
    since: date | None = None,
) -> Running:
    """``organisation`` runs ``what`` in ``role`` from a day on; whoever did so before ends then.

    Raises ``NotAllowed``, ``Refused`` (``bad_role``, ``wrong_kind``, ``closed``, ``bad_dates``).
    """
    name, since = type(what).__name__.lower(), since or today(now)
    type(what)._default_manager.select_for_update().only("pk").get(pk=what.pk)
    _may_edit(actor, what.place)
    _check_role(organisation, name, role)
    _check_open(organisation, since)
    rows = Running.objects.filter(Q(valid_until=None) | Q(valid_until__gt=since), role=role, **{name: what})
    for each in rows:
        if each.organisation_id == organisation.pk and each.valid_from <= since:
            return each
        _check_free(each.valid_from > since)
        each.valid_until = since
        each.save(update_fields=["valid_until"])
    made = Running.objects.create(organisation=organisation, role=role, valid_from=since, **{name: what})
    told = {"organisation": str(organisation.pk), "role": role, "from": since.isoformat()}
    record(subject=what.subject, action="run", actor=actor, now=now, fields=told)
    return made


@transaction.atomic
def stop_running(running: Running, *, actor: User | None, now: datetime, on: date | None = None) -> Running:
    """The organisation runs it no longer, from today or a later day on.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates``).
    """
    what = running.what
    type(what)._default_manager.select_for_update().only("pk").get(pk=what.pk)
    _may_edit(actor, what.place)
    running.refresh_from_db()
    last = on or today(now)
    if running.valid_until is not None and running.valid_until <= last:
        return running
    if last < running.valid_from:
        raise Refused("bad_dates", _("The last day lies before the first."), field="on")
    running.valid_until = last
    running.save(update_fields=["valid_until"])
    told = {"organisation": str(running.organisation_id), "role": running.role, "on": last.isoformat()}
    record(subject=what.subject, action="stop_running", actor=actor, now=now, fields=told)
    return running


def _fill(row: Organisation, about: About) -> None:
    row.name = clean_words(about.name, field="name", at_least=2, at_most=80)
    row.telephone = clean_words(about.telephone, field="telephone", at_most=20)
    row.address = clean_words(about.address, field="address", at_most=100)
    if about.kind not in Organisation.Kind.values:
        raise Refused("bad_kind", _("Please choose one of the kinds."), field="kind")
    row.kind, row.active_from = about.kind, about.active_from
    if Organisation.objects.filter(place=row.place, name=row.name).exclude(pk=row.pk).exists():
        raise Refused("name_taken", _("There is an organisation of that name here already."), field="name")
    _check_parent(row, about.parent)
    row.parent = about.parent


def _check_parent(row: Organisation, parent: Organisation | None) -> None:
    above = parent
    while above is not None:
        if above.pk == row.pk:
            raise Refused("bad_parent", _("It cannot belong to a part of itself."), field="parent")
        above = above.parent


def _check_role(organisation: Organisation, name: str, role: str) -> None:
    if role not in ROLES_OF[name]:
        raise Refused("bad_role", _("That is no role for this."), field="role")
    wanted = KINDS_OF_ROLE.get(Running.Role(role), ())
    if wanted and organisation.kind not in wanted:
        words = {"name": organisation.name, "kind": wanted[0].label}
        raise Refused(
            "wrong_kind", _("%(name)s is not of the kind “%(kind)s”.") % words, field="organisation"
        )


def _check_open(organisation: Organisation, on: date) -> None:
    organisation.refresh_from_db(fields=["active_until"])
    if organisation.active_until is not None and organisation.active_until <= on:
        raise Refused("closed", _("%(name)s no longer exists.") % {"name": organisation.name})


def _check_free(taken: bool) -> None:
    if taken:
        raise Refused("bad_dates", _("Another time is put down after that day already."), field="since")


def _lock(organisation: Organisation) -> Organisation:
    Organisation.objects.select_for_update().only("pk").get(pk=organisation.pk)
    return Organisation.objects.select_related("place", "parent").get(pk=organisation.pk)


def _may_edit(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm("people.edit", place):
        raise NotAllowed(_("You cannot change organisations here."))
