"""What a grid carries goes on in the one after it: party branch, duties of older nets, its area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silin.places.models import AreaMember, GridParty, OldNet, Place
from silin.places.paths import Consequence

Line = tuple[Place, Place]
"""A grid that was there before, and one that carries on what it carried."""


def inherit(lines: Sequence[Line], heirs: Sequence[Line], day: date) -> list[Consequence]:
    """Give the new grids what the old ones carry; what a closed one (``heirs``) carried ends on ``day``.

    Where a grid is parted both parts carry it until somebody says otherwise, so that no duty is lost.
    """
    told: list[Consequence] = []
    for old, new in lines:
        told += _nets(old, new, day) + _party(old, new, day)
    for old, new in heirs:
        OldNet.objects.filter(grid=old, valid_until=None).update(valid_until=day)
        _end(GridParty.objects.filter(grid=old, valid_until=None), day)
        _area(old, new, day)
    return told


def _nets(old: Place, new: Place, day: date) -> list[Consequence]:
    rows = OldNet.objects.filter(grid=old, valid_until=None)
    there = set(OldNet.objects.filter(grid=new, valid_until=None).values_list("kind_id", "name"))
    taken = [row for row in rows if (row.kind_id, row.name) not in there]
    OldNet.objects.bulk_create(
        OldNet(kind_id=row.kind_id, grid=new, name=row.name, duty=row.duty, merged_on=day, came_from=old)
        for row in taken
    )
    if not taken:
        return []
    words = {"n": len(taken), "old": old.short_name, "new": new.short_name}
    message = _("%(new)s takes over the duties of %(n)s older nets from %(old)s.") % words
    return [Consequence("nets", len(taken), message)]


def _party(old: Place, new: Place, day: date) -> list[Consequence]:
    open_ones = GridParty.objects.filter(grid__in=[old, new], valid_until=None)
    parties = {row.grid_id: row for row in open_ones}
    before, there = parties.get(old.pk), parties.get(new.pk)
    if before is None:
        return []
    words = {"party": before.name, "old": old.short_name, "new": new.short_name}
    if there is None:
        GridParty.objects.create(grid=new, kind=before.kind, name=before.name, valid_from=day)
        return [Consequence("party", before.name, _("%(new)s carries %(party)s of %(old)s.") % words)]
    if (there.kind, there.name) == (before.kind, before.name):
        return []
    words["there"] = there.name
    message = _("%(new)s keeps its own %(there)s; %(party)s of %(old)s is not its own.") % words
    return [Consequence("party", there.name, message)]


def _end(rows: QuerySet[GridParty], day: date) -> None:
    for row in rows:
        row.valid_until = max(day, row.valid_from)
        row.save(update_fields=["valid_until"])


def _area(old: Place, new: Place, day: date) -> None:
    """A closed grid for which a functional area acts as county leaves that to the one after it."""
    still = Q(valid_until=None) | Q(valid_until__gt=day)
    for member in AreaMember.objects.filter(still, place=old):
        if not AreaMember.objects.filter(still, place__in=new.path_ids, area=member.area_id).exists():
            AreaMember.objects.create(
                area_id=member.area_id, place=new, valid_from=day, valid_until=member.valid_until
            )
        member.valid_until = max(day, member.valid_from)
        member.save(update_fields=["valid_until"])
