"""Organisations as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.people.models import AllianceMember, Organisation
from silin.people.organisations import About, add_organisation, change_organisation, close_organisation
from silin.people.sheeting import (
    Body,
    bodies,
    body_of,
    body_words,
    elsewhere,
    in_line,
    place_column,
    places,
    tidy_body,
    writer,
)
from silin.places.sheeting import problem, within

TOLD = ("kind", "telephone", "address", "active_from")


def load(scope: Scope) -> dict[Key, Values]:
    """The organisations at the place, also those that no longer exist: their names are taken."""
    rows = Organisation.objects.filter(place__in=within(scope)).select_related("place", "parent__place")
    return {
        (row.place.code, row.name): {
            "place": row.place.code,
            "name": row.name,
            **{name: getattr(row, name) for name in TOLD},
            **body_words(row.parent, row.place, "parent"),
            "ended": row.active_until,
        }
        for row in rows.order_by("place__path", "name")
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the place is one of the chosen one's, what it belongs to is there, and its days make sense."""
    here = places(scope, (row.values for row in rows))
    there = bodies(body_of(row.values, "parent") for row in rows)
    sent = {ORGANISATIONS.key_of(row.values): row for row in rows}
    joined = _alliances(scope)
    for row in rows:
        key = ORGANISATIONS.key_of(row.values)
        if row.values["place"] not in here:
            yield elsewhere(row)
            continue
        if len(row.values["name"]) < 2:
            yield problem(row, "name", "too_short", _("A name has two characters at least."))
        parent = body_of(row.values, "parent")
        if parent and parent not in there and parent not in sent:
            what = _("There is no organisation of this name at this place.")
            yield problem(row, "parent", "no_organisation", what, _("Correct it, or put it into the table."))
        elif parent and _in_a_circle(key, sent):
            yield problem(row, "parent", "bad_parent", _("It cannot belong to a part of itself."))
        if key in joined and row.values["kind"] not in Organisation.ALLIANCES:
            yield problem(row, "kind", "has_members", _("It has members: it can only be an alliance."))
        yield from _check_days(row, known.get(key, {}))


def _check_days(row: Row, before: Values) -> Iterator[CellProblem]:
    values = {**before, **row.values}
    begun, ended = values.get("active_from"), values.get("ended")
    if begun and ended and ended < begun:
        yield problem(row, "ended", "bad_dates", _("The last day lies before the first."))
    elif before.get("ended") and ended != before["ended"]:
        what = _("It has ended on %(day)s already.") % {"day": before["ended"]}
        yield problem(row, "ended", "ended", what)


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """New organisations, each after what it belongs to, then what is now known about the others."""
    here = places(scope, (change.after for change in changes))
    wanted = [each for change in changes for each in (_key(change), body_of(change.after, "parent"))]
    there, by = bodies(wanted), writer(scope)
    for change in scope.watched(list(_parents_first(changes))):
        parent = body_of(change.after, "parent")
        told = About(
            name=change.after["name"],
            parent=there[parent] if parent else None,
            **{name: _said(change.after, name) for name in TOLD},
        )
        row = there.get(_key(change))
        if row is None:
            row = in_line(change, add_organisation, here[change.after["place"]], told, **by)
        elif _without_end(change.before) != _without_end(change.after):
            row = in_line(change, change_organisation, row, told, **by)
        there[_key(change)] = row
        if (last := change.after.get("ended")) and row.active_until != last:
            in_line(change, close_organisation, row, on=last, **by)


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take organisations away that have no posts, members or parts and run nothing; parts first."""
    there = bodies((row.values["place"], row.values["name"]) for row in rows)
    left = {row.line: there[row.values["place"], row.values["name"]].pk for row in rows}
    while True:
        stay = remove_rows(Organisation, left, {"search_keys"})
        if len(stay) in (0, len(left)):
            return stay
        left = {each.line: left[each.line] for each in stay}


def lock(scope: Scope) -> None:
    """Nobody changes the organisations meanwhile."""
    rows = Organisation.objects.filter(place__in=within(scope)).select_for_update(of=("self",))
    list(rows.order_by("pk").values_list("pk", flat=True))


def _alliances(scope: Scope) -> set[Body]:
    """The organisations at the place that have members."""
    rows = AllianceMember.objects.filter(alliance__place__in=within(scope), valid_until=None)
    return set(rows.values_list("alliance__place__code", "alliance__name"))


def _in_a_circle(key: Key, sent: Mapping[Key, Row]) -> bool:
    """Whether the lines of the file lead from an organisation up to itself."""
    seen, at = {key}, body_of(sent[key].values, "parent")
    while at is not None and at not in seen:
        seen.add(at)
        at = body_of(sent[at].values, "parent") if at in sent else None
    return at is not None


def _parents_first(changes: Sequence[Change]) -> Iterator[Change]:
    left = {_key(change): change for change in changes}
    while left:
        for key, change in list(left.items()):
            parent = body_of(change.after, "parent")
            if parent is None or parent not in left:
                yield left.pop(key)


def _key(change: Change) -> Body:
    return change.after["place"], change.after["name"]


def _said(values: Values, name: str) -> Any:
    return values.get(name) if name == "active_from" else values.get(name) or ""


def _without_end(values: Values | None) -> dict[str, Any]:
    return {name: value or "" for name, value in (values or {}).items() if name != "ended"}


ORGANISATIONS = Sheet(
    key="organisations",
    title=gettext_lazy("Organisations"),
    about=gettext_lazy("Committees, bureaus, property companies, alliances …, and what each belongs to."),
    capability="people.edit",
    columns=[
        place_column(),
        columns.text(
            "name",
            gettext_lazy("Name of the organisation"),
            most=80,
            also=("名称", "单位全称"),
            width=28,
            key=True,
            required=True,
        ),
        columns.choice(
            "kind",
            gettext_lazy("Kind of organisation"),
            dict(Organisation.Kind.choices),
            also=("类别", "类型", "单位类型", "单位性质"),
            required=True,
        ),
        columns.text("parent", gettext_lazy("Belongs to"), most=80, also=("上级单位", "主管单位"), width=24),
        columns.code(
            "parent_place",
            gettext_lazy("Code of that organisation's place"),
            note=gettext_lazy("only where it is another place than that of the line"),
            width=24,
        ),
        columns.text(
            "telephone", gettext_lazy("Office telephone"), most=20, also=("电话", "联系电话", "值班电话")
        ),
        columns.text("address", gettext_lazy("Address"), most=100, also=("办公地址",), width=28),
        columns.day("active_from", gettext_lazy("Exists since"), also=("成立时间",)),
        columns.day(
            "ended",
            gettext_lazy("No longer from"),
            note=gettext_lazy("only where it ends: from this day on it no longer exists"),
            also=("撤销日期",),
            keeps=True,
        ),
    ],
    load=load,
    write=write,
    remove=remove,
    check=check,
    lock=lock,
    tidy=lambda values: tidy_body(values, "parent"),
    after=("divisions",),
)
