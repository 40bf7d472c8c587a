"""The city's assessment office: Gao who declares, He who rules, and vetoes turned on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from silin.accounts.models import User
from silin.assessment.league import VETO
from silin.assessment.models import Veto
from silin.assessment.vetoing import AboutVeto, declare
from silin.lib.ids import new_id
from silin.people.actions import add_post, appoint
from silin.places.models import Place
from silin.places.numbers import set_number
from tests.town import MONDAY, Town, person

FIRE = "物业值班室起火，两人受伤"
RULE = "《陕西省安全生产条例》第六十条；《四型社区考核办法》第十二条"


@dataclass
class Office:
    """Gao Yalin and He Ping of the assessment office, Ma of the other community's desk."""

    gao: User
    he: User
    ma: User


def open_office(town: Town) -> Office:
    """The office, staffed."""
    people = [person("高雅琳"), person("何平"), person("马晓云")]
    seats = (("city_assessment", town.city), ("city_assessment", town.city), ("community_desk", town.other))
    for serial, (user, (kind, place)) in enumerate(zip(people, seats, strict=True), 1):
        appoint(add_post(kind, place, actor=None, now=MONDAY, serial=serial), user, actor=None, now=MONDAY)
    return Office(*people)


def turn_vetoes(value: int) -> None:
    """The city turns vetoes on (1) or off (0)."""
    set_number(VETO, value, valid_from=date(2020, 1, 1), actor=None, now=MONDAY)


def about(place: Place, *, cap: int = 1, first: int = 202610, last: int = 202612) -> AboutVeto:
    """A fire in a place."""
    return AboutVeto(place, FIRE, date(2026, 10, 12), RULE, cap, first, last)


def fire(place: Place, by: User, *, cap: int = 1, first: int = 202610, last: int = 202612) -> Veto:
    """A fire in a place, for which its grade is capped."""
    said = about(place, cap=cap, first=first, last=last)
    return declare(said, key=new_id(), actor=by, now=MONDAY)
