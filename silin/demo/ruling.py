"""Sample routing rules of the whole city. They count from a week later: the half-year went without them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

import yaml
from django.utils.timezone import localdate

from silin.demo.plane import DATA
from silin.matters.models import Category
from silin.matters.rules import AboutRule, add_rule
from silin.people.models import PostKind
from silin.places.models import Place

A_WEEK = timedelta(days=7)


def lay_down(city: Place, categories: Mapping[str, Category], now: datetime) -> None:
    """Write the rules. The caller holds the transaction."""
    kinds = PostKind.objects.in_bulk()
    for row in yaml.safe_load((DATA / "rules.yaml").read_text(encoding="utf-8")):
        about = AboutRule(
            city,
            kinds[row["post"]],
            category=categories[row["category"]],
            question=row.get("question", ""),
            answer=row.get("answer", ""),
            when=row.get("when", ""),
            begins=time(row["begins"]) if "begins" in row else None,
            ends=time(row["ends"]) if "ends" in row else None,
        )
        add_rule(about, day=localdate(now) + A_WEEK, actor=None, now=now)
