"""Changes to what a grid carries: its party branch or group, and the older nets merged into it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.places.changing import check_end, clean_name, may_edit
from silin.places.levels import Level
from silin.places.models import GridParty, NetKind, OldNet, Place

DUTY_AT_MOST = 200


@transaction.atomic
def set_party(
    grid: Place, kind: str, name: str, valid_from: date, *, actor: User | None, now: datetime
) -> GridParty:
    """From a day on the grid carries this branch or group; an earlier one ends on that day.

    Raises ``NotAllowed``, ``Refused`` (``wrong_level``, ``bad_kind``, ``missing``, ``too_long``,
    ``bad_dates``).
    """
    row = _grid(grid, actor)
    if kind not in GridParty.Kind:
        raise Refused("bad_kind", _("Choose a branch or a group."), field="kind")
    name = clean_name(name)
    before = GridParty.objects.filter(grid=row, valid_until=None).first()
    if before and (before.kind, before.name) == (kind, name):
        return before
    if before:
        _end(before, valid_from)
    party = GridParty.objects.create(grid=row, kind=kind, name=name, valid_from=valid_from)
    fields = {"kind": kind, "name": name, "from": valid_from.isoformat()}
    record(subject=row.subject, action="set_party", actor=actor, now=now, fields=fields)
    return party


@transaction.atomic
def end_party(grid: Place, until: date, *, actor: User | None, now: datetime) -> None:
    """From a day on the grid carries none.

    Raises ``NotAllowed``, ``Refused`` (``wrong_level``, ``bad_dates``).
    """
    row = _grid(grid, actor)
    party = GridParty.objects.filter(grid=row, valid_until=None).first()
    if party is not None:
        _end(party, until)
        fields = {"name": party.name, "until": until.isoformat()}
        record(subject=row.subject, action="end_party", actor=actor, now=now, fields=fields)


def _end(party: GridParty, until: date) -> None:
    check_end(party.valid_from, until)
    party.valid_until = until
    party.save(update_fields=["valid_until"])


@transaction.atomic
def merge_net(
    grid: Place,
    kind: str,
    name: str,
    duty: str,
    merged_on: date,
    *,
    actor: User | None,
    now: datetime,
) -> OldNet:
    """Write down that a cell of an older net is part of the grid, and the duty that the grid keeps.

    Said again for the same cell, duty and day are corrected. Raises ``NotAllowed``, ``Refused``
    (``wrong_level``, ``bad_kind``, ``missing``, ``too_long``).
    """
    row = _grid(grid, actor)
    if not NetKind.objects.filter(pk=kind).exists():
        raise Refused("bad_kind", _("Choose one of the list."), field="kind")
    duty = clean_name(duty, "duty", DUTY_AT_MOST)
    cell = {"grid": row, "kind_id": kind, "name": clean_name(name), "valid_until": None}
    net, made = OldNet.objects.get_or_create(**cell, defaults={"duty": duty, "merged_on": merged_on})
    if made or (net.duty, net.merged_on) != (duty, merged_on):
        net.duty, net.merged_on = duty, merged_on
        net.save(update_fields=["duty", "merged_on"])
        fields = {"kind": kind, "name": net.name, "duty": duty, "on": merged_on.isoformat()}
        record(subject=row.subject, action="merge_net", actor=actor, now=now, fields=fields)
    return net


@transaction.atomic
def unmerge_net(net: OldNet, *, actor: User | None, now: datetime) -> None:
    """Take out what was written down by mistake; history keeps it. Raises ``NotAllowed``."""
    row = _grid(net.grid, actor)
    gone, _by_model = OldNet.objects.filter(pk=net.pk).delete()
    if gone:
        fields = {"kind": net.kind_id, "name": net.name, "duty": net.duty}
        record(subject=row.subject, action="unmerge_net", actor=actor, now=now, fields=fields)


def _grid(grid: Place, actor: User | None) -> Place:
    row = Place.objects.select_for_update().get(pk=grid.pk)
    may_edit(actor, row)
    if row.level != Level.GRID:
        raise Refused("wrong_level", _("Only a grid carries that."))
    return row
