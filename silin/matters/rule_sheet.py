"""Routing rules as a spreadsheet: what they say, changed in an office program, tried out before it counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from silin.lib.dates import day_words
from silin.lib.refusal import Refused, Words
from silin.lib.sheets import columns
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.matters import registry
from silin.matters.models import Category, DutyItem, RoutingRule, not_over
from silin.matters.routing import BESIDE
from silin.matters.rules import (
    EDIT,
    LOCK,
    AboutRule,
    add_rule,
    answers_of,
    change_rule,
    end_rule,
    may_change,
)
from silin.matters.rules import check as check_rule
from silin.matters.trying import try_changes
from silin.people.models import Organisation, PostKind, today
from silin.people.sheeting import Body, bodies, body_columns, body_of, body_words, check_body, tidy_body
from silin.places.models import Place, Revision
from silin.places.sheeting import problem, within

TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
ALL = gettext_lazy("blank: all of them")
NUMBER = pgettext_lazy("rule", "No.")
WAYS = 8
"""From whom to whom: as many are told before a file is brought in."""


def load(scope: Scope) -> dict[Key, Values]:
    """What the rules of the place say last, as long as they have not ended."""
    kinds = registry.kinds()
    return {
        (row.number,): {
            "number": row.number,
            "category": row.category_id or "",
            "answer": row.asked if row.question else "",
            "kind": str(kinds[row.kind].title) if row.kind in kinds else row.kind,
            "place": row.place.code,
            "when": row.when,
            "begins": row.begins,
            "ends": row.ends,
            "post_kind": row.post_kind.title,
            **body_words(row.organisation, row.place),
            "duty": str(row.duty) if row.duty else "",
            "since": row.valid_from,
            "until": row.valid_until,
        }
        for row in _latest(scope).values()
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether what a line names is there, and whether the rule may say so from that day on."""
    named = _Named(scope, [row.values for row in rows])
    there = _latest(scope)
    taken = set(RoutingRule.objects.values_list("number", flat=True))
    for row in rows:
        before = known.get(RULES.key_of(row.values))
        if before is None and row.values["number"] in taken:
            what = _("This number belongs to a rule of another place, or to one that has ended.")
            yield problem(row, "number", "taken", what, _("Take the next free number."))
        elif before is None or any(before.get(name) != value for name, value in row.values.items()):
            found = list(check_body(row, named.bodies))
            yield from found or _refusals(scope, named, row, there.get(row.values["number"]), before)


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """Each rule says something else from its day on, a new one begins, one with a last day ends."""
    named = _Named(scope, [change.after for change in changes])
    there = _latest(scope)
    for change in scope.watched(changes):
        values, number = change.after, change.after["number"]
        by: dict[str, Any] = {"actor": scope.actor, "now": scope.now}
        old = there.get(number)
        about = named.about(values)
        if old is None:
            add_rule(about, day=values["since"], number=number, **by)
        elif about != AboutRule.of(old) or values["since"] != old.valid_from:
            change_rule(number, about, day=values["since"], **by)
        if values.get("until"):
            end_rule(number, day=values["until"], **by)


def remove(scope: Scope, rows: Sequence[Row]) -> Iterator[CellProblem]:
    """End rules on their own first day, where that is not over: they say nothing then."""
    there = _latest(scope)
    for row in rows:
        rule = there[row.values["number"]]
        if rule.valid_from < today(scope.now):
            yield problem(row, "number", "stays", _("It counts already. End it instead."))
        else:
            end_rule(rule.number, day=rule.valid_from, actor=scope.actor, now=scope.now)


def lock(scope: Scope) -> None:
    """Nobody writes rules meanwhile."""
    Revision.objects.hold(LOCK)


def foretell(scope: Scope, changes: Sequence[Change]) -> Iterator[str]:
    """Which matters of the last months the rules would have sent elsewhere: the dry run of the desk."""
    named = _Named(scope, [change.after for change in changes])
    days = [each.after.get("until") or each.after["since"] for each in changes]
    new = {}
    for each in changes:
        row = named.about(each.after).row(each.after["number"], each.after["since"])
        new[row.number] = None if each.after.get("until") else row
    trial = try_changes(new, max([*days, today(scope.now)]), scope.now)
    text = _("Of %(looked)s matters since %(since)s %(same)s as before; these %(n)s change.")
    yield text % {
        "looked": trial.looked,
        "since": day_words(trial.since, with_year=True),
        "same": trial.same,
        "n": len(trial.moved),
    }
    for before, after, n in trial.ways[:WAYS]:
        text = ngettext("%(before)s → %(after)s: %(n)s matter", "%(before)s → %(after)s: %(n)s matters", n)
        yield text % {"before": before, "after": after, "n": n}


class _Named:
    """The rows that lines name by their codes and words, read once for all of them."""

    def __init__(self, scope: Scope, values: Sequence[Values]) -> None:
        codes = {each["place"] for each in values}
        self.places = {row.code: row for row in within(scope).active().filter(code__in=codes)}
        self.categories = Category.objects.select_related("parent", "questions").in_bulk()
        self.posts = {
            words: kind for kind in PostKind.objects.all() for words in (kind.pk, kind.title_en, kind.title)
        }
        self.bodies: dict[Body, Organisation] = bodies(body_of(each) for each in values)
        self.kinds = {str(kind.title): kind.key for kind in registry.kinds().values()}
        rows = DutyItem.objects.filter(not_over(today(scope.now))).select_related("place", "organisation")
        self.duties = list(rows) if any(each.get("duty") for each in values) else []

    def about(self, values: Values) -> AboutRule:
        """What a line says. Raises ``Refused``, its field is the column."""
        category, place, wanted = self._category(values), self._place(values), body_of(values)
        question, answer = self._answer(category, values)
        return AboutRule(
            place=place,
            post_kind=self._post(values),
            category=category,
            question=question,
            answer=answer,
            kind=self._kind(values),
            when=values.get("when") or "",
            begins=values.get("begins"),
            ends=values.get("ends"),
            organisation=self.bodies.get(wanted) if wanted else None,
            duty=self._duty(values, place),
        )

    def _place(self, values: Values) -> Place:
        if values["place"] not in self.places:
            raise Refused("elsewhere", _("The place you chose has no place of this code."), field="place")
        return self.places[values["place"]]

    def _category(self, values: Values) -> Category | None:
        code = values.get("category") or ""
        if code and code not in self.categories:
            raise Refused("no_category", _("There is no category of this code."), field="category")
        return self.categories.get(code)

    def _answer(self, category: Category | None, values: Values) -> tuple[str, str]:
        said = _plain(values.get("answer") or "")
        if not said:
            return "", ""
        found = next((key for key, words in answers_of(category).items() if _plain(words) == said), None)
        if found is None:
            message = _("That is not asked there. Choose an answer to what this very category asks.")
            raise Refused("bad_answer", message, field="answer")
        return found

    def _kind(self, values: Values) -> str:
        said = values.get("kind") or ""
        if said and said not in self.kinds:
            raise Refused("bad_kind", _("There is no such kind of matter."), field="kind")
        return self.kinds.get(said, "")

    def _post(self, values: Values) -> PostKind:
        found = self.posts.get(values["post_kind"])
        if found is None:
            raise Refused("bad_post", _("There is no such post."), field="post_kind")
        return found

    def _duty(self, values: Values, place: Place) -> DutyItem | None:
        said = values.get("duty") or ""
        lines = (each for each in self.duties if str(each) == said)
        found = next((each for each in lines if _round(each.place, place)), None)
        if said and found is None:
            raise Refused("no_item", _("No duty list has such a line there."), field="duty")
        return found


def _latest(scope: Scope) -> dict[int, RoutingRule]:
    """The row of each rule of the place that counts last; without those that are over or never begin."""
    rows = RoutingRule.objects.filter(not_over(today(scope.now)), place__in=within(scope))
    rows = rows.exclude(valid_until=F("valid_from")).select_related(*BESIDE, "organisation__place")
    return {row.number: row for row in rows.order_by("valid_from", "number")}


def _refusals(
    scope: Scope, named: _Named, row: Row, old: RoutingRule | None, before: Values | None
) -> Iterator[CellProblem]:
    """Why a rule may not say so, as the editor says it too."""
    values, number = row.values, row.values["number"]
    try:
        about, until = named.about({**(before or {}), **values}), values.get("until")
        if old is None or about != AboutRule.of(old) or values["since"] != old.valid_from or not until:
            if old is not None:
                may_change(old, values["since"])
            check_rule(about.row(number, values["since"]), actor=scope.actor, now=scope.now)
        if until is not None and until < max(today(scope.now), values["since"]):
            message = _("What was sent already was sent. Choose today or a day to come.")
            raise Refused("past", message, field="until")
    except Refused as refusal:
        column = {"day": "since"}.get(refusal.field, refusal.field)
        yield problem(row, column, refusal.code, str(refusal.message))


def _round(one: Place, other: Place) -> bool:
    """Whether one of the two lies in the other."""
    return one.contains(other.path) or other.contains(one.path)


def _plain(words: str) -> str:
    """An answer however its colon and blanks are written."""
    return "".join(words.replace("：", ":").split()).casefold()


def _read_time(cell: str) -> time | None:
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not plain or plain in columns.NOTHING:
        return None
    found = TIME.fullmatch(plain)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refused("bad_time", _("A time looks like 22:00."))
    return time(int(found[1]), int(found[2]))


def _time(name: str, title: Words, note: Words) -> Column:
    return Column(name, title, note, _read_time, lambda value: f"{value:%H:%M}" if value else "", width=10)


RULES = Sheet(
    key="rules",
    title=gettext_lazy("Who gets what"),
    about=gettext_lazy("Rules by which matters are sent on. A changed line needs a day to count from."),
    capability=EDIT,
    columns=[
        columns.integer(
            "number", pgettext_lazy("rule", "No."), least=1, most=30_000, key=True, required=True
        ),
        columns.code("category", gettext_lazy("Code of the category"), note=ALL),
        columns.text(
            "answer",
            gettext_lazy("Only where they answered"),
            most=140,
            note=gettext_lazy("question: answer, as the category asks it; blank: whatever they answered"),
            width=28,
        ),
        columns.text("kind", gettext_lazy("Of which kind"), most=40, note=gettext_lazy("blank: any")),
        columns.code("place", gettext_lazy("Code of the place"), required=True, width=24, also=("地点编码",)),
        columns.choice("when", gettext_lazy("At which times"), dict(RoutingRule.When.choices)),
        _time("begins", gettext_lazy("From which hour"), gettext_lazy("like 22:00; both blank: all day")),
        _time("ends", gettext_lazy("Until which hour"), gettext_lazy("before the first one: over midnight")),
        columns.text(
            "post_kind",
            gettext_lazy("Goes to"),
            most=60,
            note=gettext_lazy("a post, by the name that it has on the page of posts"),
            required=True,
        ),
        *body_columns(),
        columns.text("duty", gettext_lazy("By which line of a duty list"), most=400, width=30),
        columns.day("since", gettext_lazy("From which day on"), required=True),
        columns.day(
            "until",
            gettext_lazy("No longer from"),
            note=gettext_lazy("only where the rule ends: from this day on it says nothing"),
            keeps=True,
        ),
    ],
    load=load,
    write=write,
    check=check,
    lock=lock,
    remove=remove,
    tidy=tidy_body,
    foretell=foretell,
    after=("categories", "organisations", "duties"),
)
