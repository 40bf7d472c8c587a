"""The named people of the demo, for the chooser and for the list that is printed at the start."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.demo.people import NO_PAGE_YET, keys, phone_of
from silin.lib.personal import phone_hash
from silin.lib.refusal import Words
from silin.people.models import Holding
from silin.people.queries import holdings_of, resident_of
from silin.places.levels import Level

DESK = "matters.triage"  # what somebody may do whose work stands on the desk's pages
MACHINE = "system.run"  # and who sits at a desk without having matters on it
AT_A_DESK = ("/desk/", "/staff/", "/desk/assessment/")
COMPARES = "catalogue.edit"  # who keeps what communities are assessed by


@dataclass(frozen=True)
class Card:
    """One person to be: the key in the form, the name, what they are, and the page they begin with."""

    key: str
    name: str
    what: str
    begins: str


@dataclass(frozen=True)
class Group:
    """People of one sort."""

    title: Words
    cards: list[Card]


def groups() -> list[Group]:
    """Everybody who can be played, by what they do; nobody where the city is not loaded."""
    cards = [_card(key, user) for key, user in _people().items()]
    return [
        Group(_("Neighbours"), [card for card in cards if card.begins == "/"]),
        Group(_("Out and about, with a phone"), [card for card in cards if card.begins == "/w/"]),
        Group(_("At a desk"), [card for card in cards if card.begins in AT_A_DESK]),
    ]


def person(key: str) -> User | None:
    """The account of a named person; None for an unknown key or where the city is not loaded."""
    return _people().get(key)


def begins(user: User) -> str:
    """The page a person begins with: tasks, a desk, the administrator's, the league, the resident's."""
    held = [holding.post.kind for holding in holdings_of(user, timezone.now())]
    if any(DESK in kind.capabilities for kind in held):
        return "/desk/"
    if any(MACHINE in kind.capabilities for kind in held):
        return "/staff/"
    if any(COMPARES in kind.capabilities for kind in held):
        return "/desk/assessment/"
    return "/w/" if held else "/"


def _people() -> dict[str, User]:
    hashes = {phone_hash(phone_of(key)): key for key in keys() if key not in NO_PAGE_YET}
    found = {hashes[user.phone_hash or ""]: user for user in User.objects.filter(phone_hash__in=hashes)}
    return {key: found[key] for key in keys() if key in found}


def _card(key: str, user: User) -> Card:
    held = holdings_of(user, timezone.now())
    what = _post(held[0]) if held else _home(user)
    return Card(key, user.name, what, begins(user))


def _post(holding: Holding) -> str:
    place, body = holding.post.place, holding.post.organisation
    where = body.name if body and holding.post.kind.belongs_to else place.short_name
    if place.level == Level.GRID and place.parent is not None:
        where = f"{place.parent.short_name}{where}"
    return f"{where} · {holding.post.kind}"


def _home(user: User) -> str:
    home = resident_of(user)
    if home is None:
        return ""
    return home.building.name if home.building else home.place.short_name
