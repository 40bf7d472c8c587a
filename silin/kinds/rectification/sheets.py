"""The tables of rectifications that come from and go to spreadsheets."""

from __future__ import annotations

from silin.kinds.rectification.year_sheet import YEAR

SHEETS = [YEAR]
