"""The tables of people that come from and go to spreadsheets."""

from __future__ import annotations

from silin.people.household_sheets import HOMES, RESIDENTS
from silin.people.organisation_sheet import ORGANISATIONS
from silin.people.post_sheet import POSTS
from silin.people.team_sheets import MEMBERS, TEAMS

SHEETS = [ORGANISATIONS, POSTS, TEAMS, MEMBERS, HOMES, RESIDENTS]
