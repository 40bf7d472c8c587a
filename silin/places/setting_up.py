"""Lines of the checklist about the territory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from silin.lib.how_many import count_each
from silin.lib.setting_up import Line
from silin.lib.text import listed
from silin.places.levels import Level
from silin.places.models import Boundary, Building, DayOff, Estate, Facility, Place
from silin.places.texts import NAMES, texts

REGISTRATIONS = ("icp", "police", "map_approval")
NEXT_YEAR_FROM = 12  # the month in which next year's days off have been announced


def territory(city: Place, now: datetime) -> Iterator[Line]:
    """Communities, grids with outlines, estates with buildings, facilities."""
    known, url = _known(city), reverse("places:desk")
    line = partial(Line, url=url, door=_("Territory"))
    yield line(
        "divisions",
        _("%(n)s communities and villages") % {"n": known["communities"]},
        _("Everything that happens is counted for a community."),
        done=known["communities"] > 0,
        must=True,
        sheet="divisions",
    )
    n, drawn = known["grids"], known["drawn"]
    yield line(
        "grids",
        _("%(n)s grids, %(drawn)s of them with an outline") % {"n": n, "drawn": drawn},
        _("A report finds its grid worker by the outline of the grid it lies in."),
        done=n > 0 and drawn == n,
        must=n == 0 or drawn == 0,
        sheet="grids",
    )
    yield from _homes(line, known)


def _homes(line: Callable[..., Line], known: dict[str, int]) -> Iterator[Line]:
    yield line(
        "estates",
        _("%(n)s estates") % {"n": known["estates"]},
        _("Residents say where they live by the name of their estate."),
        done=known["estates"] > 0,
        sheet="estates",
    )
    yield line(
        "buildings",
        _("%(n)s buildings") % {"n": known["buildings"]},
        _("A report from home finds its grid by the building, and each home stands in one."),
        done=known["buildings"] > 0,
        sheet="buildings",
    )
    yield line(
        "facilities",
        _("%(n)s facilities") % {"n": known["facilities"]},
        _("Residents look for the clinic, the canteen and the bus stop near home."),
        done=known["facilities"] > 0,
        sheet="facilities",
    )


def _known(city: Place) -> dict[str, int]:
    inside, within = Place.objects.under(city).active(), {"place__path__startswith": city.path}
    grids = inside.of_level(Level.GRID)
    outline = Boundary.objects.filter(place=OuterRef("pk"), valid_until=None)
    rows: dict[str, QuerySet[Any]] = {
        "communities": inside.of_level(Level.COMMUNITY),
        "grids": grids,
        "drawn": grids.filter(Exists(outline)),
        "estates": Estate.objects.filter(**within),
        "buildings": Building.objects.filter(grid__path__startswith=city.path),
        "facilities": Facility.objects.filter(**within, active_until=None),
    }
    return count_each(rows)


def calendar(city: Place, now: datetime) -> Iterator[Line]:
    """Whether the days off are known of every year in which deadlines fall."""
    today = timezone.localdate(now)
    years = [today.year] + ([today.year + 1] if today.month >= NEXT_YEAR_FROM else [])
    known = set(DayOff.objects.filter(day__year__in=years).values_list("day__year", flat=True))
    missing = [str(year) for year in years if year not in known]
    yield Line(
        "days_off",
        _("Days off are missing for %(years)s") % {"years": listed(missing)}
        if missing
        else _("Days off are known for %(years)s") % {"years": listed(years)},
        _("Deadlines are counted in working days, as the State Council's yearly notice says."),
        done=not missing,
    )


def registrations(city: Place, now: datetime) -> Iterator[Line]:
    """Whether the numbers stand in the footer that a public site and its map must show."""
    missing = [str(NAMES[name]) for name in REGISTRATIONS if not texts().get(name)]
    yield Line(
        "registrations",
        _("Not said yet: %(names)s") % {"names": listed(missing)}
        if missing
        else _("ICP, police and map-approval numbers are said"),
        _("A public site and its map have to show them."),
        done=not missing,
        url=reverse("places:desk_settings"),
        door=_("Settings of the city"),
    )


SET_UP = [territory, calendar, registrations]
