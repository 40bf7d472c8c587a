"""Changes to blocks and facilities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.places.changing import check_end, check_free, clean_name, may_edit, put, said
from silin.places.levels import Level
from silin.places.models import Block, Facility, Place

Values = Mapping[str, Any]


@transaction.atomic
def add_block(place: Place, name: str, *, actor: User | None, now: datetime) -> Block:
    """Write one block of a community. Raises ``NotAllowed``, ``Refused`` (``wrong_level``, ``missing``,
    ``too_long``, ``name_taken``)."""
    may_edit(actor, place)
    if place.level != Level.COMMUNITY:
        raise Refused("wrong_level", _("A block belongs to a community."), field="name")
    Place.objects.select_for_update().get(pk=place.pk)
    block = Block(place=place, name=_free_name(place, name, None))
    block.save(force_insert=True)
    fields = {"place": place.code, "name": block.name}
    record(subject=block.subject, action="add", actor=actor, now=now, fields=fields)
    return block


@transaction.atomic
def rename_block(block: Block, name: str, *, actor: User | None, now: datetime) -> Block:
    """Give a block another name. Raises as ``add_block``."""
    Place.objects.select_for_update().get(pk=block.place_id)
    row = Block.objects.select_for_update().select_related("place").get(pk=block.pk)
    may_edit(actor, row)
    if changed := put(row, {"name": _free_name(row.place, name, row)}):
        record(subject=row.subject, action="edit", actor=actor, now=now, fields=changed)
    return row


def _free_name(place: Place, name: str, row: Block | None) -> str:
    name = clean_name(name)
    check_free(Block.objects.filter(place=place), name, row)
    return name


@transaction.atomic
def add_facility(place: Place, values: Values, *, actor: User | None, now: datetime) -> Facility:
    """Write one facility at ``place`` (a community or finer); ``values`` are its fields by name.

    Two of one kind and name at one place need different spots (both sides of a bus stop). Raises
    ``NotAllowed``, ``Refused`` (``wrong_level``, ``missing``, ``too_long``, ``there_already``,
    ``wrong_block``, ``bad_dates``).
    """
    may_edit(actor, place)
    row = Facility(place=place)
    clean = _clean(row, {**values, "place": place})
    for name, value in clean.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    fields = {name: said(value) for name, value in clean.items()}
    record(subject=row.subject, action="add", actor=actor, now=now, fields=fields)
    return row


@transaction.atomic
def edit_facility(facility: Facility, values: Values, *, actor: User | None, now: datetime) -> Facility:
    """Change some fields of a facility. Raises as ``add_facility``."""
    row = Facility.objects.select_for_update().select_related("place").get(pk=facility.pk)
    may_edit(actor, row)
    clean = _clean(row, values)
    may_edit(actor, clean.get("place", row.place))
    if changed := put(row, clean):
        record(subject=row.subject, action="edit", actor=actor, now=now, fields=changed)
    return row


def _clean(row: Facility, values: Values) -> dict[str, Any]:
    clean = dict(values)
    if row.pk is None or "name" in clean:
        clean["name"] = clean_name(clean.get("name", ""))
    place, block = clean.get("place", row.place), clean.get("block", row.block)
    if not clean.get("kind", row.kind_id):
        raise Refused("missing", _("Choose a kind."), field="kind")
    if Level(place.level).depth < Level.COMMUNITY.depth:
        raise Refused("wrong_level", _("A facility stands in a community."), field="place")
    if block is not None and not block.place.contains(place.path):
        raise Refused("wrong_block", _("That block lies in another community."), field="block")
    begun, until = (clean.get(name, getattr(row, name)) for name in ("active_from", "active_until"))
    if until is not None:
        check_end(begun, until)
    _check_alone(row, clean)
    return clean


def _check_alone(row: Facility, clean: Values) -> None:
    place = clean.get("place", row.place)
    Place.objects.select_for_update().get(pk=place.pk)
    asked = {name: clean.get(name, getattr(row, name, None)) for name in ("kind", "name", "spot")}
    alike = Facility.objects.filter(place=place, active_until=None, **asked)
    if row.active_until is None and alike.exclude(pk=row.pk).exists():
        message = _("%(name)s is in the list already. Is it another one? Then write where it stands.")
        raise Refused("there_already", message % {"name": asked["name"]}, field="spot")


@transaction.atomic
def close_facility(facility: Facility, until: date, *, actor: User | None, now: datetime) -> Facility:
    """From ``until`` on it is not there any more. Closed twice it stays as it was closed first.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates``).
    """
    row = Facility.objects.select_for_update().select_related("place").get(pk=facility.pk)
    may_edit(actor, row)
    if row.active_until is not None:
        return row
    check_end(row.active_from, until)
    put(row, {"active_until": until})
    record(subject=row.subject, action="close", actor=actor, now=now, fields={"until": until.isoformat()})
    return row


@transaction.atomic
def reopen_facility(facility: Facility, *, actor: User | None, now: datetime) -> Facility:
    """Undo the closing. Raises ``NotAllowed``, ``Refused`` (``there_already``)."""
    row = Facility.objects.select_for_update().select_related("place").get(pk=facility.pk)
    may_edit(actor, row)
    if row.active_until is None:
        return row
    before, row.active_until = row.active_until, None
    _check_alone(row, {})
    row.save(update_fields=["active_until"])
    record(subject=row.subject, action="reopen", actor=actor, now=now, fields={"closed": before.isoformat()})
    return row
