"""The register as spreadsheets: homes, and who lives there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.personal import phone_hash
from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows, stays
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.people.models import Household, HouseholdQuerySet, Membership, Person, today
from silin.people.register import (
    DOOR_AT_MOST,
    correct,
    is_child,
    may_be_born,
    move,
    put_down_household,
    put_down_person,
    read_door,
    set_state,
    set_tenure,
)
from silin.people.revealing import note_taking_out
from silin.people.sheeting import in_line, writer
from silin.places.models import Building, Place
from silin.places.sheeting import community_column, problem, within

EDIT = "households.edit"
HOME = ("community", "estate", "building", "entrance", "door")
Home = tuple[str, str, str, str, str]


def load_homes(scope: Scope) -> dict[Key, Values]:
    """The homes at the place whose door is known; the others have nothing by which a line could name them."""
    known: dict[Key, Values] = {}
    for key, home in sorted(_homes(scope).items(), key=lambda each: each[0]):
        about = {"state": home.state, "tenure": home.tenure}
        known[key] = {**dict(zip(HOME, key, strict=True)), **about}
    return known


def check_homes(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the building stands there."""
    buildings = _buildings(scope)
    for row in rows:
        if _home(row.values)[:3] not in buildings:
            what = _("The place you chose has no such building.")
            mend = _("Write community, estate and number as in the table of buildings.")
            yield problem(row, "building", "no_building", what, mend)


def write_homes(scope: Scope, changes: Sequence[Change]) -> None:
    """New homes, and how the others are lived in now; out of an empty one everybody moves."""
    buildings, by = _buildings(scope), writer(scope)
    for change in scope.watched(changes):
        values = change.after
        tenure, building = values.get("tenure") or "", buildings[_home(values)[:3]]
        door = {"entrance": values["entrance"], "door": values["door"]}
        home = in_line(change, put_down_household, building, tenure=tenure, **door, **by)
        home = in_line(change, set_tenure, home, tenure, **by)
        if state := values.get("state"):
            in_line(change, set_state, home, state, **by)


def remove_homes(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take homes away in which nobody lives or lived."""
    homes = _homes(scope)
    return remove_rows(Household, {row.line: homes[_home(row.values)].pk for row in rows})


def lock(scope: Scope) -> None:
    """Nobody changes the homes or puts new ones down meanwhile; in the order of the verbs."""
    buildings = Building.objects.filter(grid__in=within(scope)).select_for_update(of=("self",))
    list(buildings.order_by("pk").values_list("pk", flat=True))
    homes = Household.objects.filter(building__grid__in=within(scope)).select_for_update(of=("self",))
    list(homes.order_by("pk").values_list("pk", flat=True))


def load_residents(scope: Scope) -> dict[Key, Values]:
    """Who lives in the homes or did until lately; of two of one name in one home, who still does."""
    found, doors = dict[Key, Values](), {home.pk: key for key, home in _homes(scope).items()}
    for row in _stays(scope):
        if row.household_id not in doors or not row.person.name:
            continue
        key = (*doors[row.household_id], row.person.name)
        if key not in found:
            found[key] = {
                **dict(zip((*HOME, "name"), key, strict=True)),
                "phone": row.person.phone or None,
                "birth_year": row.person.birth_year,
                "ended": row.until,
            }
    return dict(sorted(found.items(), key=lambda each: each[0]))


def check_residents(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the home is in the register, and what is said of the person can be."""
    homes, first = _homes(scope), dict[tuple[str, str], int]()
    for row in rows:
        before = known.get(RESIDENTS.key_of(row.values), {})
        if _home(row.values) not in homes:
            what = _("This home is not in the register.")
            mend = _("Correct it, or bring in the table of homes first.")
            yield problem(row, "door", "no_home", what, mend)
            continue
        yield from _check_person(scope, row, before)
        yield from _check_end(scope, row, before)
        number = row.values.get("phone")
        if number and not row.values.get("ended"):
            line = first.setdefault((row.values["name"], number), row.line)
            if line != row.line:
                what = _("Line %(n)s has the same person in another home.") % {"n": line}
                yield problem(
                    row, "name", "double_person", what, _("Somebody lives in one home. Delete one line.")
                )


def _check_person(scope: Scope, row: Row, before: Values) -> Iterator[CellProblem]:
    values = {**before, **row.values}
    born = values.get("birth_year")
    if born is not None and born != before.get("birth_year") and not may_be_born(born, scope.now):
        what = _("Nobody of that year lives.")
        yield problem(row, "birth_year", "bad_year", what, _("Compare the year of birth."))
    elif values.get("phone") and is_child(born, scope.now):
        what = _("A child under 14 has no number here.")
        yield problem(row, "phone", "child_phone", what, _("Leave the cell blank."))


def _check_end(scope: Scope, row: Row, before: Values) -> Iterator[CellProblem]:
    ended = row.values.get("ended")
    if ended is None or ended == before.get("ended"):
        return
    if not before:
        what = _("This person does not live there in the register.")
        yield problem(row, "ended", "not_there", what, _("Leave out who has moved away already."))
    elif before["ended"]:
        what = _("They moved out on %(day)s already.") % {"day": before["ended"]}
        yield problem(row, "ended", "ended", what)
    elif ended > today(scope.now):
        yield problem(row, "ended", "future", _("That day has not come yet."))


def write_residents(scope: Scope, changes: Sequence[Change]) -> None:
    """Whoever is new moves in, what is said of the others is corrected, who has left leaves."""
    homes, by = _homes(scope), writer(scope)
    doors = {home.pk: key for key, home in homes.items()}
    there: dict[Key, Person] = {}
    for row in _stays(scope):
        if row.household_id in doors:
            there.setdefault((*doors[row.household_id], row.person.name), row.person)
    for change in scope.watched(changes):
        values, before = change.after, change.before
        if before is None:
            _move_in(change, homes[_home(values)], scope)
            continue
        person = there[RESIDENTS.key_of(values)]
        told = {name: values[name] for name in ("phone", "birth_year") if values[name] != before[name]}
        if told:
            in_line(change, correct, person, **told, **by)
        if values["ended"] != before["ended"]:
            out_of = homes[_home(values)]
            in_line(change, move, person, None, out_of=out_of, on=values["ended"], **by)


def remove_residents(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take people out of the register who came with the table; who moved within the place stays."""
    doors, there = {home.pk: key for key, home in _homes(scope).items()}, dict[Key, Person]()
    lived = Counter[UUID]()
    for stay in _stays(scope):
        lived[stay.person_id] += 1
        if stay.household_id in doors:
            there.setdefault((*doors[stay.household_id], stay.person.name), stay.person)
    people = {row.line: there[RESIDENTS.key_of(row.values)] for row in rows}
    bound = {line for line, each in people.items() if each.user_id or lived[each.pk] > 1}
    keys = {line: each.pk for line, each in people.items() if line not in bound}
    why = _("They have an account by now, or lived elsewhere before: move them on the page of the home.")
    kept = [stays(line, why) for line in sorted(bound)]
    return kept + remove_rows(Person, keys, {"memberships", "search_keys"})


def _move_in(change: Change, home: Household, scope: Scope) -> None:
    """Somebody of this name and number who lives elsewhere at the place moves; others are put down."""
    values, by = change.after, writer(scope)
    name, phone = values["name"], values.get("phone") or ""
    known = [row.person for row in _stays(scope, name, phone) if row.until is None] if phone else []
    if len({person.pk for person in known}) == 1:
        in_line(change, move, known[0], home, **by)
        if (born := values.get("birth_year")) not in (None, known[0].birth_year):
            in_line(change, correct, known[0], birth_year=born, **by)
    else:
        about: dict[str, Any] = {"phone": phone, "birth_year": values.get("birth_year")}
        in_line(change, put_down_person, home, name, **about, **by)


def _homes(scope: Scope) -> dict[Home, Household]:
    rows: HouseholdQuerySet = Household.objects.filter(building__grid__in=within(scope), merged_into=None)
    rows = rows.exclude(door_hash="").select_related("building__estate__place", "building__grid")
    return {
        (*_building_key(row.building), row.entrance, row.door): row
        for row in rows.order_by("-pk")
        if row.door
    }


def _stays(scope: Scope, name: str = "", phone: str = "") -> list[Membership]:
    """Who belongs or belonged to the homes at the place; who still does first."""
    rows = Membership.objects.filter(
        household__building__grid__in=within(scope), person__merged_into=None
    ).select_related("person")
    if phone:
        rows = rows.filter(person__name=name, person__phone_hash=phone_hash(phone))
    return sorted(rows.order_by("-since", "-pk"), key=lambda row: row.until is not None)


def _buildings(scope: Scope) -> dict[tuple[str, str, str], Building]:
    rows = Building.objects.filter(grid__in=within(scope)).select_related("estate__place", "grid")
    return {_building_key(row): row for row in rows}


def _building_key(building: Building) -> tuple[str, str, str]:
    return building.estate.place.code, building.estate.name, building.number


def _home(values: Values) -> Home:
    community, estate, building, entrance, door = (values[name] for name in HOME)
    return community, estate, building, entrance, door


def _note(scope: Scope, rows: int, *, sheet: str) -> None:
    place = Place.objects.get(path=scope.path)
    note_taking_out(place, sheet, rows, actor=scope.actor, now=scope.now)


def _door(name: str, title: Any, **more: Any) -> Column:
    column = columns.text(name, title, most=DOOR_AT_MOST, key=True, **more)
    read: Callable[[str], str] = partial(read_door, field=name)
    return replace(column, read=read)


def _home_columns() -> Iterable[Column]:
    yield community_column()
    estate, number = gettext_lazy("Name of the estate"), gettext_lazy("Number of the building")
    yield columns.text("estate", estate, most=60, also=("小区",), key=True, required=True)
    yield columns.text("building", number, most=12, also=("楼栋", "楼号", "幢号"), key=True, required=True)
    yield _door("entrance", gettext_lazy("Entrance"), also=("单元", "单元号"))
    yield _door("door", gettext_lazy("Door"), also=("门牌", "房号", "室号"), required=True)


def _resident_columns() -> Iterable[Column]:
    yield from _home_columns()
    yield columns.text(
        "name", gettext_lazy("Name of the person"), most=60, also=("姓名",), key=True, required=True
    )
    note = gettext_lazy("11 digits, with the person's consent; none of a child under 14")
    also = ("手机", "手机号", "手机号码", "联系电话")
    yield columns.phone("phone", gettext_lazy("Mobile number"), note=note, also=also, secret=True)
    note = gettext_lazy("a year like 1958, where the home has said it")
    year = gettext_lazy("Year of birth")
    yield columns.year("birth_year", year, note=note, also=("出生年份", "出生年"), keeps=True)
    note = gettext_lazy("only where somebody has moved out: from this day on")
    yield columns.day("ended", gettext_lazy("Moved out on"), note=note, also=("搬走日期",), keeps=True)


HOMES = Sheet(
    key="households",
    title=gettext_lazy("Homes"),
    about=gettext_lazy("Each home by its door, and how it is lived in. Taking it out is written down."),
    capability=EDIT,
    columns=[
        *_home_columns(),
        columns.choice(
            "state",
            gettext_lazy("How it is lived in"),
            dict(Household.State.choices),
            note=gettext_lazy("lived in if left blank; out of an empty one everybody moves"),
            also=("状态", "居住状态"),
            keeps=True,
        ),
        columns.choice(
            "tenure",
            gettext_lazy("Whose home"),
            dict(Household.Tenure.choices),
            also=("住房性质",),
            keeps=True,
        ),
    ],
    load=load_homes,
    write=write_homes,
    remove=remove_homes,
    check=check_homes,
    lock=lock,
    taken_out=partial(_note, sheet="households"),
    after=("buildings",),
)

RESIDENTS = Sheet(
    key="residents",
    title=gettext_lazy("Residents"),
    about=gettext_lazy("Who lives in which home. Everybody in it can see who took the list out."),
    capability=EDIT,
    columns=list(_resident_columns()),
    load=load_residents,
    write=write_residents,
    remove=remove_residents,
    check=check_residents,
    lock=lock,
    taken_out=partial(_note, sheet="residents"),
    after=("households",),
)
