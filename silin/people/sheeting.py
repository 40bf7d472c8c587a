"""What the sheets of this room share: the places, bodies and accounts that a spreadsheet names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.accounts.models import User
from silin.lib.personal import phone_hash
from silin.lib.refusal import NotFound, Refused
from silin.lib.sheets import columns
from silin.lib.sheets.sheet import CellProblem, Change, Column, Row, Scope, Values
from silin.people.inviting import account_for
from silin.people.models import Holding, Organisation, today
from silin.places.models import Place
from silin.places.sheeting import problem, within

P = ParamSpec("P")
T = TypeVar("T")
Body = tuple[str, str]
"""The code of an organisation's place, and its name."""

AT_ONCE = 500


def place_column(**more: Any) -> Column:
    """The code of the place: the first part of a key."""
    return columns.code(
        "place",
        gettext_lazy("Code of the place"),
        note=gettext_lazy("12 digits, or 17 and more of a grid, the cell formatted as text"),
        also=("地点编码", "区划代码", "网格编号", "社区代码", "所在地代码"),
        width=24,
        key=True,
        required=True,
        **more,
    )


def body_columns() -> list[Column]:
    """The organisation that a row belongs to."""
    title = gettext_lazy("Organisation")
    return [
        columns.text("organisation", title, most=80, also=("所属单位", "单位名称"), width=24),
        columns.code(
            "organisation_place",
            gettext_lazy("Code of the organisation's place"),
            note=gettext_lazy("only where it is another place than that of the line"),
            width=24,
        ),
    ]


def tidy_body(values: dict[str, Any], name: str = "organisation") -> None:
    """The place of an organisation is said only where it is not that of the line."""
    if name in values:
        code = values.get(f"{name}_place")
        away = values[name] and code != values["place"]
        values[f"{name}_place"] = code or "" if away else ""


def blank_as(column: Column, value: Any) -> Column:
    """``column`` whose blank cells mean ``value``."""

    def read(cell: str) -> Any:
        found = column.read(cell)
        return value if found in ("", None) else found

    return replace(column, read=read)


def places(scope: Scope, values: Iterable[Values]) -> dict[str, Place]:
    """The places in use at the chosen one that are named, by code."""
    codes = sorted({each["place"] for each in values})
    found = within(scope).active()
    return {place.code: place for some in _parts(codes) for place in found.filter(code__in=some)}


def elsewhere(row: Row) -> CellProblem:
    """The place is not in the chosen one."""
    what = _("The place you chose has no place of this code.")
    return problem(row, "place", "elsewhere", what, _("Correct the code, or choose another place above."))


def body_of(values: Values, name: str = "organisation") -> Body | None:
    """Which organisation a row names; without a code of its own it is one of the row's place."""
    if not values.get(name):
        return None
    return values.get(f"{name}_place") or values["place"], values[name]


def body_words(organisation: Organisation | None, place: Place, name: str = "organisation") -> dict[str, str]:
    """The two columns that name ``organisation``, for a line of ``place``; its own place must be at hand."""
    if organisation is None:
        return {name: "", f"{name}_place": ""}
    code = organisation.place.code
    return {name: organisation.name, f"{name}_place": "" if code == place.code else code}


def bodies(wanted: Iterable[Body | None]) -> dict[Body, Organisation]:
    """The organisations that are named, wherever they are."""
    names = sorted({each[1] for each in wanted if each})
    found: dict[Body, Organisation] = {}
    for some in _parts(names):
        rows = Organisation.objects.filter(name__in=some).select_related("place")
        found |= {(row.place.code, row.name): row for row in rows}
    return found


def check_body(row: Row, known: Mapping[Body, Organisation]) -> Iterator[CellProblem]:
    """Whether the organisation that the row names is there."""
    wanted = body_of(row.values)
    if wanted and wanted not in known:
        what = _("There is no organisation of this name at this place.")
        mend = _("Correct it, or bring in organisations first.")
        yield problem(row, "organisation", "no_organisation", what, mend)


@dataclass(frozen=True)
class Said:
    """Somebody as a line names them."""

    name: str
    phone: str | None


class Accounts:
    """The accounts of those who are named by number or, if they work at the place, by name alone."""

    def __init__(self, scope: Scope, said: Iterable[Said]) -> None:
        self.scope = scope
        named = list(said)
        hashes = sorted({phone_hash(each.phone) for each in named if each.phone})
        rows = [User.objects.filter(phone_hash__in=some) for some in _parts(hashes)]
        self._by_hash = {user.phone_hash: user for some in rows for user in some}
        self._by_name = self._colleagues(sorted({each.name for each in named if not each.phone}))

    def find(self, said: Said) -> User | None:
        """Whom ``said`` means; None when the number is nobody's yet.

        Raises ``Refused`` (``closed_account``, ``other_name``, ``no_phone``, ``several``).
        """
        if not said.phone:
            return self._colleague(said.name)
        user = self._by_hash.get(phone_hash(said.phone))
        if user is not None and not user.is_active:
            raise Refused("closed_account", _("The account of this number is closed."), field="phone")
        if user is not None and user.name and user.name != said.name:
            what = _("This number belongs to somebody of another name. Compare number and name.")
            raise Refused("other_name", what, field="phone")
        return user

    def need(self, said: Said) -> User:
        """Whom ``said`` means; a number that is nobody's yet becomes an account with an invitation.

        Raises ``Refused`` as ``find`` does.
        """
        user = self.find(said)
        if user is None or not user.name:
            assert said.phone
            user = account_for(said.phone, said.name, now=self.scope.now)
            self._by_hash[user.phone_hash] = user
        return user

    def _colleagues(self, names: list[str]) -> dict[str, dict[object, User]]:
        found: dict[str, dict[object, User]] = {}
        for some in _parts(names):
            rows = (
                Holding.objects.current(today(self.scope.now))
                .of_people()
                .filter(
                    post__place__path__gte=self.scope.path,
                    post__place__path__lt=f"{self.scope.path}a",
                    user__name__in=some,
                    user__is_active=True,
                )
            )
            for row in rows.select_related("user"):
                found.setdefault(row.user.name, {})[row.user_id] = row.user
        return found

    def _colleague(self, name: str) -> User:
        users = list(self._by_name.get(name, {}).values())
        if len(users) == 1:
            return users[0]
        if users:
            what = _("Several people of this name work here. Write the mobile number.")
            raise Refused("several", what, field="phone")
        raise Refused(
            "no_phone", _("Nobody of this name works here yet. Write the mobile number."), field="phone"
        )


def one_number_one_name(rows: Iterable[Row], name: str, phone: str) -> Iterator[CellProblem]:
    """Lines that give the number of an earlier line to somebody else."""
    first: dict[str, Row] = {}
    for row in rows:
        if number := row.values.get(phone):
            before = first.setdefault(number, row)
            if before.values.get(name) != row.values.get(name):
                what = _("Line %(n)s gives this number to somebody else.") % {"n": before.line}
                yield problem(row, phone, "double_phone", what, _("Correct one of the two."))


def writer(scope: Scope) -> dict[str, Any]:
    """What every verb is told: who does it and when."""
    return {"actor": scope.actor, "now": scope.now}


def in_line(change: Change, verb: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """What ``verb`` gives; its refusal names the line. Whatever can be seen before is said at the cell."""
    try:
        return verb(*args, **more)
    except NotFound:
        raise
    except Refused as refusal:
        words = {"n": change.line, "words": str(refusal.message)}
        message = _("Line %(n)s: %(words)s") % words
        raise Refused(refusal.code, message, status=409) from refusal


def _parts(values: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(values), AT_ONCE):
        yield values[at : at + AT_ONCE]
