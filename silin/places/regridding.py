"""Drawing grids anew: draw, redraw, split, merge. Each is one transaction with one line of history.

What one grid gains its neighbours lose, and what it gives up they get; buildings go by their points. A code
is never given to another grid. The verbs return the ``Outcome``; a caller that only wants to see it rolls
the transaction back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from shapely.geometry import LineString

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.places.fitting import CRUMB, cut, joined, share_out, snapped, tidy
from silin.places.ground import Ground, Outcome, version
from silin.places.levels import Level
from silin.places.models import BOUNDARIES, Place, Revision
from silin.places.shapes import Shape, checked, square_metres

EDIT = "places.edit"
ALIKE = 20.0  # square metres by which two outlines may miss the whole that they are to part

Keeps = Literal["first", "second", "neither"]


@dataclass(frozen=True)
class Wish:
    """Who changes grids, when, and what the community was like when they looked (``""``: whatever it is)."""

    actor: User | None
    now: datetime
    version: str = ""


def draw_grid(community: Place, shape: Shape, wish: Wish, *, name: str = "") -> Outcome:
    """A new grid with the next number; its neighbours lose what it takes.

    Raises ``NotAllowed``, ``Changed``, ``Refused`` (``bad_shape``, ``swallowed``, ``too_many_grids``).
    """
    return _change(community, "draw_grid", wish, partial(_draw, shape=shape, name=name))


def _draw(ground: Ground, now: datetime, *, shape: Shape, name: str) -> None:
    fitted = _fitted(ground, shape, str(_("the new grid")))
    _let_neighbours_follow(ground, None, fitted, ground.others())
    ground.begin(fitted, timezone.localdate(now), name)


def redraw_grid(grid: Place, shape: Shape, wish: Wish) -> Outcome:
    """Another outline for a grid; its neighbours lose what it gains and get what it gives up.

    Raises as ``draw_grid`` does, and ``Refused`` (``no_grid``).
    """
    return _change(_community(grid), "redraw_grid", wish, partial(_redraw, key=grid.pk, shape=shape))


def _redraw(ground: Ground, now: datetime, *, key: int, shape: Shape) -> None:
    grid = _grid(ground, key)
    fitted = _fitted(ground, shape, grid.short_name, without=grid)
    _let_neighbours_follow(ground, ground.shapes.get(key), fitted, ground.others(grid))
    ground.shapes[grid.pk] = fitted
    ground.schematic.discard(key)


def split_by_line(
    grid: Place, line: LineString, wish: Wish, *, keeps: Keeps = "first", name: str = ""
) -> Outcome:
    """Two grids out of one, cut along ``line``. ``first`` is the larger part.

    The part that ``keeps`` names keeps number and name; with ``neither`` the old grid is closed.
    Raises ``NotAllowed``, ``Changed``, ``Refused`` (``no_grid``, ``no_outline``, ``line_misses``,
    ``too_many_parts``, ``too_many_grids``).
    """

    def parts(whole: Shape) -> Sequence[Shape]:
        return sorted(cut(whole, line), key=square_metres, reverse=True)

    return _change(_community(grid), "split_grid", wish, partial(_split, grid.pk, parts, keeps, name))


def split_in_parts(
    grid: Place, first: Shape, second: Shape, wish: Wish, *, keeps: Keeps = "first", name: str = ""
) -> Outcome:
    """Two grids out of one, by two outlines that together are the old one.

    Raises as ``split_by_line`` does, and ``Refused`` (``bad_shape``, ``parts_do_not_fit``).
    """

    def parts(whole: Shape) -> Sequence[Shape]:
        return _parted(whole, checked(first, name=grid.short_name), checked(second, name=grid.short_name))

    return _change(_community(grid), "split_grid", wish, partial(_split, grid.pk, parts, keeps, name))


def _parted(whole: Shape, first: Shape, second: Shape) -> Sequence[Shape]:
    left = tidy(first.intersection(whole))
    right = tidy(whole.difference(first))
    fits = (
        left is not None
        and right is not None
        and square_metres(right.symmetric_difference(second)) <= ALIKE
        and square_metres(first.difference(whole)) <= ALIKE
    )
    if not fits or left is None or right is None:
        message = _("The two outlines together are not the grid that is to be split.")
        raise Refused("parts_do_not_fit", message, field="corners")
    return left, right


def _split(
    key: int,
    parts: Callable[[Shape], Sequence[Shape]],
    keeps: Keeps,
    name: str,
    ground: Ground,
    now: datetime,
) -> None:
    grid, day = _grid(ground, key), timezone.localdate(now)
    if key not in ground.shapes:
        raise Refused("no_outline", _("%(name)s has no outline yet.") % {"name": grid}, field="grid")
    first, second = parts(ground.shapes[key])
    kept, new = (second, first) if keeps == "second" else (first, second)
    if keeps == "neither":
        begun = [ground.begin(kept, day), ground.begin(new, day, name)]
        ground.comes_from(begun[1], grid)
        ground.close(grid, begun[0])
    else:
        begun = [ground.begin(new, day, name)]
        ground.comes_from(begun[0], grid)
        ground.shapes[key] = kept
    if key in ground.schematic:
        ground.schematic |= {place.pk for place in begun}


def merge_grids(
    grids: Sequence[Place], wish: Wish, *, survivor: Place | None = None, name: str = ""
) -> Outcome:
    """One grid out of several that lie side by side: the ``survivor`` goes on, or a new one begins.

    Raises ``NotAllowed``, ``Changed``, ``Refused`` (``no_grid``, ``no_outline``, ``too_few``,
    ``not_neighbours``, ``too_many_grids``).
    """
    keys = list(dict.fromkeys(grid.pk for grid in grids))
    if len(keys) < 2 or (survivor is not None and survivor.pk not in keys):
        raise Refused("too_few", _("Choose two grids that are to become one."), field="other")
    keep = survivor.pk if survivor else None
    return _change(_community(grids[0]), "merge_grids", wish, partial(_merge, keys, keep, name))


def _merge(keys: Sequence[int], keep: int | None, name: str, ground: Ground, now: datetime) -> None:
    grids = [_grid(ground, key) for key in keys]
    for grid in grids:
        if grid.pk not in ground.shapes:
            raise Refused("no_outline", _("%(name)s has no outline yet.") % {"name": grid}, field="grid")
    whole = joined([ground.shapes[key] for key in keys])
    if keep is None:
        heir = ground.begin(whole, timezone.localdate(now), name)
    else:
        heir = ground.places[keep]
        ground.shapes[keep] = whole
    for grid in grids:
        if grid.pk != heir.pk:
            ground.close(grid, heir)


@transaction.atomic
def _change(community: Place, action: str, wish: Wish, work: Callable[[Ground, datetime], None]) -> Outcome:
    """Lock, look whether anybody was faster, do the work, write it with one line of history."""
    Revision.objects.bump(BOUNDARIES)
    may_edit(wish.actor, community)
    unchanged(community, wish)
    ground = Ground(community)
    work(ground, wish.now)
    outcome = ground.write(wish.now)
    record(
        subject=community.subject,
        action=action,
        actor=wish.actor,
        now=wish.now,
        fields=outcome.as_fields(),
    )
    return outcome


def may_edit(actor: User | None, *places: Place) -> None:
    """Whether ``actor`` may change every one of the places; None is the installer. Raises ``NotAllowed``."""
    if actor is not None and not all(actor.has_perm(EDIT, place) for place in places):
        raise NotAllowed(_("You cannot change the grids here."))


def unchanged(community: Place, wish: Wish) -> None:
    """Whether the grids are as the person saw them. Raises ``Changed``."""
    if wish.version and wish.version != version(community):
        raise Changed(_("Somebody changed the grids since you looked. What you drew is still here."))


def _community(grid: Place) -> Place:
    if grid.level != Level.GRID or grid.parent is None:
        raise Refused("no_grid", _("Choose a grid that is in use."), field="grid")
    return grid.parent


def _grid(ground: Ground, key: int) -> Place:
    """The grid as it is now, under the lock."""
    grid = ground.places.get(key)
    if grid is None:
        raise Refused("no_grid", _("Choose a grid that is in use."), field="grid")
    return grid


def _fitted(ground: Ground, shape: Shape, name: str, without: Place | None = None) -> Shape:
    """The outline brought onto those of the neighbours and of the community."""
    around = list((ground.others(without) if without else ground.others()).values())
    edge = ground.edge()
    fitted = tidy(snapped(checked(shape, name=name), [*around, *([edge] if edge else [])]))
    if fitted is None:
        message = _("The outline is smaller than a square of %(n)s m².") % {"n": int(CRUMB)}
        raise Refused("bad_shape", message, field="corners")
    return fitted


def _let_neighbours_follow(ground: Ground, old: Shape | None, new: Shape, others: dict[int, Shape]) -> None:
    for key, left in share_out(old, new, others).items():
        if left is None:
            words = {"name": ground.places[key].short_name}
            message = _("Nothing would be left of %(name)s. Make the two one instead.") % words
            raise Refused("swallowed", message, field="corners")
        ground.shapes[key] = left
