"""The tables of matters that come from and go to spreadsheets."""

from __future__ import annotations

from silin.matters.category_sheet import CATEGORIES
from silin.matters.duty_sheet import DUTIES
from silin.matters.hotline_sheet import ORDERS
from silin.matters.outside_sheet import TYPES
from silin.matters.rule_sheet import RULES

SHEETS = [CATEGORIES, DUTIES, RULES, TYPES, ORDERS]
