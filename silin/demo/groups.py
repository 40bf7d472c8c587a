"""Who is organised: bureaus, companies, committees, alliances, and who runs which estate; teams."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from silin.demo.blocks import Quarter
from silin.demo.furnish import CITY, told
from silin.demo.ground import SINCE, Ground
from silin.demo.staff import Crew
from silin.history.actions import record
from silin.people.models import AllianceMember, Organisation, Running, Team, TeamMember
from silin.places.models import Estate, Place

Kind = Organisation.Kind
ORGANISATIONS = "people:organisations"


def organise(ground: Ground, crew: Crew, now: datetime) -> None:
    """Write all of them in bulk. The caller holds the transaction."""
    life = told()
    rows = [*_of_city(ground.places[CITY], life["bureaus"])]
    for area in ground.quarters:
        rows += _of_community(ground.places[area.code], life["communities"][area.code])
    Organisation.objects.bulk_create(rows)
    for area in ground.quarters:
        own = life["communities"][area.code]
        bodies = {row.name: row for row in Organisation.objects.filter(place=ground.places[area.code])}
        AllianceMember.objects.bulk_create(_allied(bodies, own))
        Running.objects.bulk_create(_runs(ground.places[area.code], bodies, own))
        _teams(ground, area, crew, own)
    record(subject=ORGANISATIONS, action="add", actor=None, now=now, fields={"count": len(rows)})


def _of_city(city: Place, bureaus: Mapping[str, list[str]]) -> Iterator[Organisation]:
    for name in bureaus["city"]:
        yield Organisation(name=name, kind=Kind.BUREAU, place=city, active_from=SINCE)
    for name in bureaus["firms"]:
        yield Organisation(name=f"市{name}", kind=Kind.ENTERPRISE, place=city, active_from=SINCE)


def _of_community(place: Place, own: Mapping[str, Any]) -> Iterator[Organisation]:
    named = [
        (Kind.PROPERTY, [own["property"]]),
        (Kind.OWNERS, [f"{name}业主委员会" for name in own["committees"]]),
        (Kind.SELF_RULE, [f"{name}自管会" for name in own["self_rule"]]),
        (Kind.PARTNER, own["partners"]),
        (Kind.SOCIAL, own["social"]),
        (Kind.ALLIANCE if "联盟" in own["alliance"] else Kind.WIDE_COMMITTEE, [own["alliance"]]),
    ]
    for kind, names in named:
        yield from (Organisation(name=name, kind=kind, place=place, active_from=SINCE) for name in names)


def _allied(bodies: Mapping[str, Organisation], own: Mapping[str, Any]) -> Iterator[AllianceMember]:
    for name in (own["property"], *own["partners"]):
        yield AllianceMember(alliance=bodies[own["alliance"]], member=bodies[name], valid_from=SINCE)


def _runs(place: Place, bodies: Mapping[str, Organisation], own: Mapping[str, Any]) -> Iterator[Running]:
    estates = {estate.name: estate for estate in Estate.objects.filter(place=place)}
    rows = [(name, own["property"], Running.Role.PROPERTY_COMPANY) for name in own["managed"]]
    rows += [(name, f"{name}业主委员会", Running.Role.OWNERS_COMMITTEE) for name in own["committees"]]
    rows += [(name, f"{name}自管会", Running.Role.SELF_RULE) for name in own["self_rule"]]
    for name, body, role in rows:
        yield Running(organisation=bodies[body], estate=estates[name], role=role, valid_from=SINCE)


def _teams(ground: Ground, area: Quarter, crew: Crew, own: Mapping[str, Any]) -> None:
    """Neighbours with an account, the first of them as captain; the same one may be in several teams."""
    rng = random.Random(f"teams {area.code}")
    people = [crew.of(each.person) for each in crew.neighbours[area.code]]
    for kind, name, colour, count in own["teams"]:
        team = Team(name=name, kind=kind, colour=colour, place=ground.places[area.code], active_from=SINCE)
        team.save(force_insert=True)
        members = rng.sample(people, min(count, len(people)))
        TeamMember.objects.bulk_create(
            TeamMember(team=team, user=user, captain=at == 0, valid_from=SINCE)
            for at, user in enumerate(members)
        )
