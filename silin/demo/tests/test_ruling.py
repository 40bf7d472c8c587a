"""The sample rules of the demo: written once, from a week later, by categories and posts that there are."""

from __future__ import annotations

from datetime import timedelta

from silin.demo.ruling import lay_down
from silin.matters.models import Category, RoutingRule
from tests.town import MONDAY, build


def test_sample_rules_count_from_a_week_later(db: None) -> None:
    town = build()
    lay_down(town.city, Category.objects.in_bulk(), MONDAY)
    rules = RoutingRule.objects.all()
    assert {rule.valid_from for rule in rules} == {MONDAY.date() + timedelta(days=7)}
    assert {rule.category_id for rule in rules} >= {"street_light", "manhole", "rubbish", "noise"}
    assert len({(rule.category_id, rule.when, rule.begins) for rule in rules}) == len(rules)
