"""What a person asks the grid editor for: read from a form or a program, shown, carried out or planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from shapely.geometry import LineString

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Changed, NotFound, Refused
from silin.places import regridding
from silin.places.corners import line_of, shapes_of
from silin.places.ground import Outcome
from silin.places.levels import Level
from silin.places.models import BOUNDARIES, Place, PlannedChange, Revision
from silin.places.regridding import Keeps, Wish
from silin.places.reparenting import move_place

Verb = PlannedChange.Verb
LONGEST_NAME = 60


@dataclass(frozen=True)
class Said:
    """One change as it was asked for; codes name the grids. ``corners`` is text (see ``corners.py``)."""

    verb: str = ""
    grid: str = ""
    other: str = ""
    keeps: str = "first"
    parent: str = ""
    corners: str = ""
    datum: str = "CGCS2000"
    name: str = ""
    day: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Said:
        """From a form or a JSON object; what is not known is left out."""
        known = {name: str(data.get(name, "") or "").strip() for name in cls.__dataclass_fields__}
        return cls(**{name: text for name, text in known.items() if text})

    def starts(self, today: date) -> date:
        """The day from which it is to hold. Raises ``Refused`` (``bad_day``)."""
        try:
            day = date.fromisoformat(self.day) if self.day else today
        except ValueError as error:
            raise Refused("bad_day", _("Write the day as 2026-11-27."), field="day") from error
        if day < today:
            raise Refused("bad_day", _("Choose today or a later day."), field="day")
        return day


def preview(community: Place, said: Said, wish: Wish) -> Outcome:
    """What the change would do if it were carried out now; nothing is kept. Raises as ``carry_out`` does."""
    said.starts(timezone.localdate(wish.now))
    with transaction.atomic():
        outcome = carry_out(community, said, wish)
        transaction.set_rollback(True)
    return outcome


def ask_for(community: Place, said: Said, wish: Wish) -> Outcome | PlannedChange:
    """Carry the change out, or keep it for its day. Raises as ``carry_out`` does, and ``bad_day``."""
    day = said.starts(timezone.localdate(wish.now))
    if day == timezone.localdate(wish.now) or wish.actor is None:
        return carry_out(community, said, wish)
    preview(community, said, wish)
    return _plan(community, said, day, wish.actor, wish.now)


def carry_out(community: Place, said: Said, wish: Wish) -> Outcome:
    """Do what was asked for.

    Raises what the verbs of ``regridding`` and ``reparenting`` raise, and ``Refused`` (``bad_verb``,
    ``bad_corners``, ``no_grid``, ``no_parent``).
    """
    if len(said.name) > LONGEST_NAME:
        message = _("A name has at most %(n)s characters.") % {"n": LONGEST_NAME}
        raise Refused("long_name", message, field="name")
    if said.verb == Verb.DRAW:
        [shape] = shapes_of(said.corners, said.datum, at_most=1)
        return regridding.draw_grid(community, shape, wish, name=said.name)
    if said.verb == Verb.MOVE:
        return _move(community, said, wish)
    grid = _grid(community, said.grid, "grid")
    if said.verb == Verb.REDRAW:
        [shape] = shapes_of(said.corners, said.datum, at_most=1)
        return regridding.redraw_grid(grid, shape, wish)
    if said.verb == Verb.MERGE:
        return _merge(community, grid, said, wish)
    if said.verb == Verb.SPLIT:
        return _split(grid, said, wish)
    raise Refused("bad_verb", _("Choose what is to be done."), field="verb")


def _split(grid: Place, said: Said, wish: Wish) -> Outcome:
    keeps = cast(Keeps, said.keeps if said.keeps in ("second", "neither") else "first")
    line = line_of(said.corners, said.datum)
    if isinstance(line, LineString):
        return regridding.split_by_line(grid, line, wish, keeps=keeps, name=said.name)
    first, second = line
    return regridding.split_in_parts(grid, first, second, wish, keeps=keeps, name=said.name)


def _merge(community: Place, grid: Place, said: Said, wish: Wish) -> Outcome:
    other = _grid(community, said.other, "other")
    survivor = {"first": grid, "second": other}.get(said.keeps)
    return regridding.merge_grids([grid, other], wish, survivor=survivor, name=said.name)


def _move(community: Place, said: Said, wish: Wish) -> Outcome:
    place = _grid(community, said.grid, "grid") if said.grid else community
    parent = Place.objects.active().filter(code=said.parent).first()
    if parent is None:
        raise Refused("no_parent", _("Write the code of the place it is to lie in."), field="parent")
    return move_place(place, parent, wish)


def _grid(community: Place, code: str, field: str) -> Place:
    grids = Place.objects.active().below(community).filter(code=code).select_related("parent")
    grid = grids.exclude(level=Level.COMMUNITY).first()
    if grid is None:
        raise Refused("no_grid", _("Choose a grid that is in use."), field=field)
    return grid


@transaction.atomic
def _plan(community: Place, said: Said, day: date, actor: User, now: datetime) -> PlannedChange:
    Revision.objects.hold(BOUNDARIES)
    planned = PlannedChange.objects.create(
        place=community, verb=said.verb, said=asdict(said), day=day, asked_by=actor, asked_at=now
    )
    fields = {"verb": said.verb, "day": day.isoformat(), "plan": planned.pk}
    record(subject=community.subject, action="plan_change", actor=actor, now=now, fields=fields)
    return planned


@transaction.atomic
def give_up(planned: PlannedChange, *, actor: User, now: datetime) -> PlannedChange:
    """Take a planned change back. Raises ``NotAllowed``, ``Changed`` when it has been carried out."""
    Revision.objects.hold(BOUNDARIES)
    regridding.may_edit(actor, planned.place)
    if not PlannedChange.objects.waiting().filter(pk=planned.pk).update(given_up_at=now):
        raise Changed
    fields = {"verb": planned.verb, "plan": planned.pk}
    record(subject=planned.place.subject, action="give_up_change", actor=actor, now=now, fields=fields)
    return planned


def carry_out_due(now: datetime) -> int:
    """Carry out the planned changes whose day has come; how many. What cannot be done says why.

    The person who asked must still be allowed to.
    """
    done = 0
    for planned in PlannedChange.objects.due(timezone.localdate(now)).select_related("place", "asked_by"):
        try:
            done += _carry_out_one(planned, now)
        except Refused as refusal:
            words = str(refusal.message)[:200]
            PlannedChange.objects.waiting().filter(pk=planned.pk).update(given_up_at=now, refusal=words)
    return done


@transaction.atomic
def _carry_out_one(planned: PlannedChange, now: datetime) -> int:
    Revision.objects.hold(BOUNDARIES)
    if not PlannedChange.objects.waiting().filter(pk=planned.pk).update(done_at=now):
        return 0
    said = Said.of({**planned.said, "day": ""})
    carry_out(planned.place, said, Wish(planned.asked_by, now))
    return 1


def find_plan(community: Place, key: int) -> PlannedChange:
    """A planned change of this community. Raises ``NotFound``."""
    planned = PlannedChange.objects.filter(place=community, pk=key).select_related("place").first()
    if planned is None:
        raise NotFound
    return planned
