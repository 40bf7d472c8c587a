"""Work orders of a hotline (12345) become matters: which category, where, who called, what is new in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.personal import keyed_hash, phone_hash
from silin.lib.refusal import Refused
from silin.lib.sheets.sheet import Change, Key, Scope, Values
from silin.lib.workdays import SHANGHAI
from silin.matters.callers import new_caller
from silin.matters.categories import leaves, suggest
from silin.matters.deeds import WORDS_AT_MOST, By
from silin.matters.models import Category, Matter, OutsideSystem, OutsideType, Ticket
from silin.matters.noting import kind_raised_by
from silin.matters.outside import add_ticket, hear_more, systems_on
from silin.matters.raising import Report, raise_matter, title_of
from silin.places.addressing import Addressed, Gazetteer
from silin.places.models import Place
from silin.places.queries import calendar

CHANNEL = "hotline"
TITLE_AT_MOST, SPOT_AT_MOST = 40, 60
AT_ONCE = 500
TERM = re.compile(r"(\d{1,3})\s*(?:个)?(工作日|工作小时|小时|天|日)(?:内|以内)?")
BESIDE = ("due", "type", "unit", "wants_call")
"""What of an order is kept beside the matter, and may change there."""


def hotlines(now: datetime) -> list[OutsideSystem]:
    """The hotlines whose orders come in today."""
    return [each for each in systems_on(now) if each.is_hotline]


def hotline_of(values: Values, now: datetime) -> OutsideSystem:
    """From which hotline a line comes: the one it names, else the only one.

    Raises ``Refused`` (``no_hotline``, ``which_hotline``).
    """
    known, named = hotlines(now), values.get("system") or ""
    if not known:
        message = _(
            "No hotline is set up here yet. Whoever sets up the city adds it among the other systems."
        )
        raise Refused("no_hotline", message, field="system")
    found = [each for each in known if named in ("", each.pk, each.name, each.name_en)]
    if len(found) != 1:
        raise Refused("which_hotline", _("Say by its code from which hotline it comes."), field="system")
    return found[0]


def said(values: Values) -> tuple[str, str]:
    """Title and words of an order; a title that says more than fits stands in the words too."""
    title, words = (str(values.get(name) or "").strip() for name in ("title", "words"))
    if title and len(title) > TITLE_AT_MOST and title not in words:
        words = "\n".join(filter(None, [title, words]))
    words = words or title
    return (title if title and len(title) <= TITLE_AT_MOST else title_of(words) if words else ""), words


def digest_of(values: Values) -> str:
    """The same for the same words, however they are spaced and how wide they are typed."""
    folded = unicodedata.normalize("NFKC", " ".join(said(values)))
    return keyed_hash("hotline order", re.sub(r"\s", "", folded))


def read_term(cell: str) -> timedelta | int | None:
    """A time limit in words: so many hours or days, or working days as a number; None where it is none."""
    found = TERM.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    if found is None:
        return None
    n, unit = int(found[1]), found[2]
    if unit == "工作日":
        return n
    return timedelta(hours=n) if "小时" in unit else timedelta(days=n)


def due_after(called: datetime, term: timedelta | int) -> datetime:
    """When a time limit that runs from the call is over."""
    if isinstance(term, timedelta):
        return called + term
    return calendar().add_days(called, term).at


def end_of(day: datetime) -> datetime:
    """A day alone, as a time limit, means until it ends."""
    local = localtime(day, SHANGHAI)
    return datetime.combine(local.date(), time(23, 59), SHANGHAI) if local.time() == time() else day


class Sorting:
    """By what a hotline calls a matter, and by its words, its category."""

    def __init__(self, systems: Iterable[OutsideSystem]) -> None:
        rows = OutsideType.objects.filter(system__in=list(systems))
        self.types = {(row.system_id, plain(row.name)): row.category_id for row in rows}
        self.leaves = leaves()
        self.by_code = {leaf.pk: leaf for leaf in self.leaves}
        names = ((name, leaf) for leaf in self.leaves for name in (leaf.name, leaf.name_en))
        self.by_name = {plain(name): leaf for name, leaf in names}

    def category(self, system: OutsideSystem, values: Values) -> Category | None:
        """The row for the type, else the category of that name, else what the words are about."""
        named = plain(str(values.get("type") or ""))
        code = self.types.get((system.pk, named)) if named else None
        if code in self.by_code:
            return self.by_code[code]
        if named in self.by_name:
            return self.by_name[named]
        title, words = said(values)
        for category, _score in suggest(f"{title} {words}", self.leaves):
            return category
        rest = self.types.get((system.pk, OutsideType.REST))
        return self.by_code.get(rest) if rest else None


def plain(name: str) -> str:
    """The name of a type in plain width, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()


def place_of(scope: Scope) -> Place:
    """The place of the desk that brings a sheet in."""
    return Place.objects.select_related("parent").get(path=scope.path)


def tickets_named(keys: Iterable[Key]) -> dict[Key, Ticket]:
    """The tickets with these numbers and systems, wherever their matters lie."""
    numbers: dict[str, set[str]] = {}
    for number, system in keys:
        numbers.setdefault(system, set()).add(number)
    found: dict[Key, Ticket] = {}
    for system, some in numbers.items():
        every = sorted(some)
        for at in range(0, len(every), AT_ONCE):
            rows = Ticket.objects.filter(system=system, number__in=every[at : at + AT_ONCE])
            found |= {(row.number, row.system_id): row for row in rows.with_matters()}
    return found


def callers(rows: Sequence[Values]) -> dict[str, User]:
    """The accounts of those who called, by the hash of their number. One statement for five hundred."""
    hashes = sorted({phone_hash(row["phone"]) for row in rows if row.get("phone")})
    found: dict[str, User] = {}
    for at in range(0, len(hashes), AT_ONCE):
        known = User.objects.filter(phone_hash__in=hashes[at : at + AT_ONCE])
        found |= {str(user.phone_hash): user for user in known}
    return found


def called_lately(rows: Sequence[Values], scope: Scope, since: datetime) -> int:
    """How many of these callers have something open here that they reported since then."""
    known = [user.pk for user in callers(rows).values()]
    open_ones = Matter.objects.open().filter(raised_at__gte=since)
    open_ones = open_ones.filter(placed_path__gte=scope.path, placed_path__lt=f"{scope.path}a")
    found: set[Any] = set()
    for at in range(0, len(known), AT_ONCE):
        some = open_ones.filter(raiser__in=known[at : at + AT_ONCE])
        found |= set(some.values_list("raiser", flat=True).distinct())
    return len(found)


class Bringing:
    """Brings the orders of one sheet in: what they share is read once."""

    def __init__(self, scope: Scope, changes: Sequence[Change]) -> None:
        rows = [change.after for change in changes]
        self.scope, self.desk = scope, place_of(scope)
        self.systems = {each.pk: each for each in hotlines(scope.now)}
        self.sorting, self.gazetteer = Sorting(self.systems.values()), Gazetteer(self.desk)
        self.known = tickets_named((row["ticket"], row["system"]) for row in rows)
        self.callers = callers(rows)
        self.kind = kind_raised_by("desk")

    def bring(self, change: Change) -> None:
        """One order: a matter of its own, or what it says more about one that is here."""
        values = change.after
        ticket = self.known.get((values["ticket"], values["system"]))
        if ticket is None:
            self._raise(values)
        else:
            self._again(ticket, values)

    def _raise(self, values: Values) -> None:
        system = self.systems[values["system"]]
        title, words = said(values)
        category = self.sorting.category(system, values)
        assert category is not None  # as ``check`` has seen
        report = Report(
            words=words[:WORDS_AT_MOST],
            title=title,
            category=category,
            channel=CHANNEL,
            on_behalf=self.scope.actor is not None,
            raiser=self._caller(values),
            name_withheld=bool(values.get("withheld")),
            ticket=values["ticket"],
            **self._where(values),
        )
        matter = raise_matter(self.kind, By(self.scope.actor, self.scope.now), report)
        add_ticket(self._keep(Ticket(system=system, matter=matter, number=values["ticket"]), values))

    def _again(self, ticket: Ticket, values: Values) -> None:
        before, words = ticket.digest, said(values)[1]
        self._keep(ticket, values).save()
        if ticket.digest != before or (values.get("withheld") and not ticket.matter.name_withheld):
            by = By(self.scope.actor, self.scope.now, words=words[:WORDS_AT_MOST])
            hear_more(ticket.matter, by, ticket=ticket, withheld=bool(values.get("withheld")))

    def _keep(self, ticket: Ticket, values: Values) -> Ticket:
        ticket.by = ticket.by or self.scope.actor
        ticket.at = ticket.at or self.scope.now
        ticket.called_at = values.get("called") or ticket.called_at
        ticket.due_at = values.get("due") or ticket.due_at
        ticket.type_name = values.get("type") or ticket.type_name
        ticket.unit_name = values.get("unit") or ticket.unit_name
        if values.get("wants_call") is not None:
            ticket.wants_call = values["wants_call"]
        if ticket._state.adding or any(values.get(name) for name in ("title", "words")):
            ticket.digest = digest_of(values)
        return ticket

    def _caller(self, values: Values) -> User | None:
        phone = values.get("phone")
        if not phone:
            return None
        key = phone_hash(phone)
        if key not in self.callers:
            self.callers[key] = new_caller(phone, values.get("caller") or "")
        return self.callers[key]

    def _where(self, values: Values) -> dict[str, Any]:
        address = values.get("address") or ""
        found = self.gazetteer.find(address, values.get("area") or "") or Addressed(self.desk, rest=address)
        if found.building is not None:
            return {"building": found.building, "spot": found.rest[:SPOT_AT_MOST]}
        return {"place": found.place, "spot": (address or found.rest)[:SPOT_AT_MOST]}


def of_day(now: datetime, days: int) -> datetime:
    """The beginning of the day so many days ago."""
    return datetime.combine(localdate(now) - timedelta(days=days), time(), SHANGHAI)
