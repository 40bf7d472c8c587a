"""Two desks at one rule, two rules of the same conditions, a signature against another desk: real threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from silin.facts.models import Fact
from silin.history.queries import check
from silin.history.rows import mark
from silin.lib.refusal import Refused
from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.models import Matter, RoutingRule, SignRule, State
from silin.matters.raising import Report, raise_matter
from silin.matters.rules import AboutRule, add_rule, change_rule
from silin.matters.signed import set_sign_rule
from silin.matters.signing import sign, submit
from silin.matters.tests.bureaus import Bureaus
from silin.matters.triage import dispatch
from silin.people.actions import add_post, appoint
from silin.people.models import PostKind
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, build, person

HOUR, TODAY = timedelta(hours=1), MONDAY.date()


def test_two_desks_at_one_rule_the_second_is_told(live_db: str) -> None:
    town = build()
    kinds = PostKind.objects.in_bulk()
    about = AboutRule(town.city, kinds["community_desk"], category=town.lamp)
    twice: list[Callable[[], Any]] = [
        partial(add_rule, about, day=TODAY, actor=None, now=MONDAY) for _ in range(6)
    ]
    made = at_once(twice)
    assert sum(isinstance(each, RoutingRule) for each in made) == 1
    assert {each.code for each in made if isinstance(each, Refused)} == {"taken"}
    row = RoutingRule.objects.get()
    changes: list[Callable[[], Any]] = [
        partial(
            change_rule,
            row.number,
            AboutRule(town.city, kinds[code], category=town.lamp),
            day=TODAY + timedelta(days=1),
            actor=None,
            now=MONDAY,
            seen=mark(row),
        )
        for code in ("street_duty", "county_duty", "grid_leader")
    ]
    done = at_once(changes)
    assert sum(isinstance(each, RoutingRule) for each in done) == 1
    assert {each.code for each in done if isinstance(each, Refused)} == {"changed"}
    assert RoutingRule.objects.filter(valid_until=None).count() == 1
    assert check(f"routing_rule:{row.number}") == []


def test_a_signature_against_another_desk_and_against_itself(live_db: str) -> None:
    town = build()
    bureaus, ren = Bureaus(town), person("任局长")
    head = add_post("county_clerk", town.county, serial=9, organisation=bureaus.light, actor=None, now=MONDAY)
    appoint(head, ren, actor=None, now=MONDAY)
    rule = SignRule(organisation=bureaus.light, head=head, valid_from=TODAY)
    set_sign_rule(rule, actor=None, now=MONDAY)
    clerk = PostKind.objects.get(pk="county_clerk")
    about = AboutRule(town.city, clerk, category=town.lamp, organisation=bureaus.light)
    add_rule(about, day=TODAY, actor=None, now=MONDAY)
    zhao = bureaus.clerks[0]
    for _round in range(3):
        said = Report("路灯杆歪了", town.lamp, place=town.grid)
        matter = accept(raise_matter("report", By(town.chen, MONDAY), said), By(zhao, MONDAY))
        matter = submit(matter, By(zhao, MONDAY + HOUR, words="扶正了"), outcome="advised")
        done = at_once(
            [
                partial(sign, matter, By(ren, MONDAY + 2 * HOUR)),
                partial(sign, matter, By(ren, MONDAY + 2 * HOUR)),
                partial(dispatch, matter, By(town.zhou, MONDAY + 2 * HOUR), to=town.worker_post),
            ]
        )
        assert sum(isinstance(each, Matter) for each in done) == 1
        now = Matter.objects.get(pk=matter.pk)
        answered = Fact.objects.filter(subject=matter.subject, name="matter.answered").count()
        assert (now.state, answered) in ((State.ANSWERED, 1), (State.ASSIGNED, 0))
        assert now.signer is None
        assert check(matter.subject) == []
