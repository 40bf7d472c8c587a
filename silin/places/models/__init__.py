"""The territory: one table of places from the province down to the micro-grid, and what stands in them."""

from silin.places.models.area import AreaMember, FunctionalArea
from silin.places.models.estate import (
    YES_OR_NO,
    Building,
    Entrance,
    Estate,
    EstateFigure,
    EstateKey,
    building_name,
    natural,
)
from silin.places.models.facility import Block, Facility, FacilityKey, FacilityKind, FacilityQuerySet
from silin.places.models.net import GridParty, NetKind, OldNet
from silin.places.models.place import STEP, Boundary, Place, PlaceKey, PlaceQuerySet, short_name
from silin.places.models.plan import PlannedChange, PlannedChangeQuerySet
from silin.places.models.revision import (
    BOUNDARIES,
    CITY_TEXTS,
    DAYS_OFF,
    NUMBERS,
    PLACE_IDS,
    Revision,
)
from silin.places.models.rows import CityText, DayOff, Number

__all__ = [
    "BOUNDARIES",
    "CITY_TEXTS",
    "DAYS_OFF",
    "NUMBERS",
    "PLACE_IDS",
    "STEP",
    "YES_OR_NO",
    "AreaMember",
    "Block",
    "Boundary",
    "Building",
    "CityText",
    "DayOff",
    "Entrance",
    "Estate",
    "EstateFigure",
    "EstateKey",
    "Facility",
    "FacilityKey",
    "FacilityKind",
    "FacilityQuerySet",
    "FunctionalArea",
    "GridParty",
    "NetKind",
    "Number",
    "OldNet",
    "Place",
    "PlaceKey",
    "PlaceQuerySet",
    "PlannedChange",
    "PlannedChangeQuerySet",
    "Revision",
    "building_name",
    "natural",
    "short_name",
]
