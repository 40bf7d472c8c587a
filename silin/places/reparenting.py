"""A place moves under another parent.

A community, street or micro-grid keeps its key and its code; the paths of its whole subtree change, and what
keeps copies of them follows. A grid's code begins with its community's, so a grid that goes to another
community is closed there and begins anew: what happened in it stays where it happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.places.actions import check_level
from silin.places.ground import Ground, Moved, Outcome
from silin.places.levels import Level
from silin.places.models import BOUNDARIES, STEP, Building, Estate, Place, Revision
from silin.places.paths import Followed, follow, repath
from silin.places.regridding import Wish, may_edit, unchanged


@transaction.atomic
def move_place(place: Place, parent: Place, wish: Wish) -> Outcome:
    """Put ``place`` under ``parent``. The rights are asked over the place and over both parents.

    Raises ``NotAllowed``, ``Changed``, ``Refused`` (``wrong_level``, ``not_in_use``, ``same_parent``,
    ``other_community``, ``estate_parted``).
    """
    Revision.objects.bump(BOUNDARIES)
    place, parent = _fresh(place), _fresh(parent)
    assert place.parent is not None
    may_edit(wish.actor, place, place.parent, parent)
    unchanged(_looked_at(place), wish)
    _check(place, parent)
    before = place.parent
    outcome = _begin_anew(place, parent, wish) if place.level == Level.GRID else _take_along(place, parent)
    fields = {"from": before.code, "to": parent.code, "place": place.code, **outcome.as_fields()}
    record(subject=place.subject, action="move_place", actor=wish.actor, now=wish.now, fields=fields)
    return outcome


def _looked_at(place: Place) -> Place:
    """What the person had before them: the community with its grids, or what is wider itself."""
    return next((each for each in place.ancestors() if each.level == Level.COMMUNITY), place)


def _fresh(place: Place) -> Place:
    found = Place.objects.select_related("parent").active().filter(pk=place.pk).first()
    if found is None:
        raise Refused("not_in_use", _("%(name)s is not in use any more.") % {"name": place}, field="parent")
    return found


def _check(place: Place, parent: Place) -> None:
    if place.parent_id == parent.pk:
        words = {"name": place.short_name, "parent": parent.short_name}
        raise Refused("same_parent", _("%(name)s already lies in %(parent)s.") % words, field="parent")
    check_level(Place(name=place.name, level=place.level, parent=parent))
    if place.level == Level.MICRO_GRID and place.unit != parent.unit:
        message = _("A micro-grid stays in its community. Move the whole grid.")
        raise Refused("other_community", message, field="parent")


def _take_along(place: Place, parent: Place) -> Outcome:
    """The same rows with other paths."""
    old, new = place.path, parent.path + place.path[-STEP:]
    place.parent = parent
    place.save(update_fields=["parent"])
    repath(Place.objects.all(), "path", {old: new})
    place.path = new
    follow(Followed({old: new}))
    return Outcome(paths={old: new})


def _begin_anew(grid: Place, parent: Place, wish: Wish) -> Outcome:
    """The grid closes in the old community; its outline, micro-grids and buildings go over to a new one."""
    day = timezone.localdate(wish.now)
    left, joined = Ground(grid.parent or parent), Ground(parent)
    micros = [micro for micro in left.micros if micro.parent_id == grid.pk]
    own = {grid.pk, *(micro.pk for micro in micros)}
    buildings = [building for building in left.buildings if building.grid_id in own]
    _take_estates(buildings, parent)
    heirs = {grid.pk: joined.begin(left.shapes.get(grid.pk), day, _own_name(grid))}
    for micro in micros:
        heirs[micro.pk] = joined.begin_micro(heirs[grid.pk], left.shapes.get(micro.pk), day, _own_name(micro))
    for place in (grid, *micros):
        joined.close(place, heirs[place.pk])
    return _hand_over(joined, buildings, heirs, wish, day)


def _own_name(place: Place) -> str:
    """The name that somebody gave it; a numbered one is made anew."""
    return "" if any(sign.isdecimal() for sign in place.name) else place.name


def _hand_over(
    joined: Ground, buildings: Sequence[Building], heirs: dict[int, Place], wish: Wish, day: date
) -> Outcome:
    for building in buildings:
        before = building.grid
        building.grid = heirs[before.pk]
        joined.outcome.moved.append(Moved(building, before, building.grid))
    return joined.write(wish.now)


def _take_estates(buildings: Sequence[Building], parent: Place) -> None:
    """Their estates go along. Raises ``Refused`` (``estate_parted``) where one would be cut."""
    keys = {building.pk for building in buildings}
    for estate in Estate.objects.filter(buildings__in=keys).distinct().prefetch_related("buildings"):
        if any(each.pk not in keys for each in estate.buildings.all()):
            message = _(
                "%(name)s has buildings in other grids too. Draw the grid round the whole estate first."
            )
            raise Refused("estate_parted", message % {"name": estate.name}, field="grid")
        estate.place = parent
        estate.save(update_fields=["place"])
