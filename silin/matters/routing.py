"""Where a matter goes: by the most exact rule, else the grid's own worker, its leader, the community's desk.

Each routed matter keeps why it went there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.lib.remembering import Remembered
from silin.lib.text import listed
from silin.lib.workdays import WorkCalendar
from silin.matters.kind import Kind
from silin.matters.models import Category, Matter, RoutingRule
from silin.matters.registry import kinds
from silin.people import queries as people
from silin.people.models import Post, today
from silin.people.queries import Rung
from silin.places.models import Place
from silin.places.queries import calendar

BESIDE = ("place", "category__questions", "post_kind", "organisation", "duty__organisation")


@dataclass(frozen=True)
class Routed:
    """The post a matter goes to (None: nobody is on duty anywhere), the reason as codes, and who holds it."""

    post: Post | None
    why: dict[str, Any]
    users: list[User] = field(default_factory=list)


def in_order(rules: Iterable[RoutingRule]) -> list[RoutingRule]:
    """The most exact rule first."""
    return sorted(rules, key=lambda rule: rule.exactness)


def _rules() -> list[RoutingRule]:
    return in_order(RoutingRule.objects.select_related(*BESIDE))


rules = Remembered(_rules)
"""Every rule that ever counted, the most exact first."""


def rules_about(
    among: Iterable[RoutingRule],
    kind: str,
    category: Category | None,
    path: str,
    at: datetime,
    answers: Mapping[str, Any],
    days: WorkCalendar | None = None,
) -> list[RoutingRule]:
    """The rules of a sorted list whose conditions such a matter meets. Whether they count is not asked.

    A confined kind goes by the rules that name it, and by no other. ``days`` spares whoever asks about many
    matters a look at the calendar for each.
    """
    found = [rule for rule in among if rule.is_about(kind, category, path, at, answers)]
    if (declared := kinds().get(kind)) and declared.confined:
        found = [rule for rule in found if rule.kind == kind]
    if not any(rule.when for rule in found):
        return found
    now = RoutingRule.When.WORKING if (days or calendar()).is_working(at) else RoutingRule.When.OFF
    return [rule for rule in found if rule.when in ("", now)]


def rung_of(rule: RoutingRule) -> Rung:
    """To whom a rule sends, as a step of a ladder."""
    return Rung(rule.post_kind_id, rule.organisation_id)


def route(
    kind: Kind, place: Place, category: Category | None, answers: Mapping[str, Any], now: datetime
) -> Routed:
    """The staffed post to which the most exact rule sends it, else the nearest of the kind's ladder.

    ``answers`` are those to what the category asks, by key; empty where nobody was asked.

    Rules whose posts nobody holds, or from which everybody is away today, are passed over and said.
    """
    counting = [rule for rule in rules() if rule.counts_on(today(now))]
    about = rules_about(counting, kind.key, category, place.path, now, answers)
    ladder = [Rung(each) for each in kind.ladder]
    duty = people.on_rungs(place, [*map(rung_of, about), *ladder], now)
    if duty is None:
        return Routed(None, {"rule": "nobody"})
    why: dict[str, Any] = {"rule": "ladder", "post": duty.post.kind_id, "place": duty.post.place.code}
    if duty.rung < len(about):
        why |= {"rule": "rule", "row": str(about[duty.rung].pk)}
    if passed := about[: duty.rung]:
        why["passed"] = [rule.number for rule in passed]
    return Routed(duty.post, why, duty.users)


def why_words(matter: Matter) -> str:
    """Why it went where it went, in words for those who handle it; empty where a person decided."""
    why = matter.why
    if why.get("rule") == "nobody":
        return _("No rule and no post round it: nobody could be told.")
    said = []
    if why.get("rule") == "rule":
        said += [str(rule) for rule in rules() if str(rule.pk) == why["row"]]
    elif why.get("rule") == "ladder":
        said.append(_("No rule says otherwise: it went to the nearest post of the ladder"))
    if numbers := why.get("passed"):
        text = ngettext(
            "nobody is there for rule %(numbers)s",
            "nobody is there for the rules %(numbers)s",
            len(numbers),
        )
        said.append(text % {"numbers": listed(numbers)})
    return " · ".join(said)


def cited_by(matter: Matter) -> str:
    """The line of a duty list that the rule cites by which it went there; empty where there is none."""
    row = matter.why.get("row")
    return next((str(rule.duty) for rule in rules() if rule.duty and str(rule.pk) == row), "")
