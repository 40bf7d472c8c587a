"""From a sum back to the facts that it is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Max, Q, Sum

from silin.facts.conditions import Compared, Condition, Joined, Not, OneOf
from silin.facts.expressions import Term
from silin.facts.models import Fact

LOOKUPS = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}


def subjects(terms: Iterable[Term], units: Collection[str], months: Collection[int]) -> list[str]:
    """What the facts behind ``terms`` are about, each once, the latest first; without what was taken back.

    ``months`` are YYYYMM. One statement. Stocks are not made of deeds: they have no subjects.
    """
    asked = [Q(name=term.name) & as_q(term.condition) for term in terms if not term.is_stock]
    if not asked:
        return []
    facts = Fact.objects.filter(reduce(or_, asked), unit__in=units, ym__in=months)
    kept = facts.values("subject").annotate(kept=Sum("n"), latest=Max("day")).filter(kept__gt=0)
    return list(kept.order_by("-latest", "subject").values_list("subject", flat=True))


def as_q(condition: Condition | None) -> Q:
    """A condition on the cube as one on the book, where an empty column is NULL."""
    if condition is None:
        return Q()
    if isinstance(condition, Not):
        return ~as_q(condition.part)
    if isinstance(condition, Joined):
        return reduce(and_ if condition.how == "AND" else or_, map(as_q, condition.parts))
    if isinstance(condition, OneOf):
        return Q(**{f"{condition.column}__in": condition.values})
    return _compared(condition)


def _compared(condition: Compared) -> Q:
    if condition.operator == "<>":
        differs = ~Q(**{condition.column: condition.value})
        return differs & Q(grade__isnull=False) if condition.column == "grade" else differs
    value = bool(condition.value) if condition.column == "on_time" else condition.value
    return Q(**{f"{condition.column}{LOOKUPS[condition.operator]}": value})
