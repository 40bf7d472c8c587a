"""The tables of the territory that come from and go to spreadsheets."""

from __future__ import annotations

from silin.places.division_sheet import DIVISIONS
from silin.places.estate_sheets import BUILDINGS, ESTATE_FIGURES, ESTATES
from silin.places.facility_sheet import FACILITIES
from silin.places.grid_sheet import GRIDS

SHEETS = [DIVISIONS, GRIDS, ESTATES, BUILDINGS, ESTATE_FIGURES, FACILITIES]
