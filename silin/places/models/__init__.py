"""The territory: one table of places from the province down to the micro-grid, and what stands in them."""

from silin.places.models.estate import Building, Estate, building_name, natural
from silin.places.models.place import STEP, Boundary, Place, PlaceQuerySet, short_name
from silin.places.models.revision import BOUNDARIES, DAYS_OFF, PLACE_IDS, Revision
from silin.places.models.rows import DayOff, Number

__all__ = [
    "BOUNDARIES",
    "DAYS_OFF",
    "PLACE_IDS",
    "STEP",
    "Boundary",
    "Building",
    "DayOff",
    "Estate",
    "Number",
    "Place",
    "PlaceQuerySet",
    "Revision",
    "building_name",
    "natural",
    "short_name",
]
