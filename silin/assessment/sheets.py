"""The tables of the assessment that come from and go to spreadsheets."""

from __future__ import annotations

from silin.assessment.catalogue_sheet import HEADINGS, INDICATORS

SHEETS = [HEADINGS, INDICATORS]
