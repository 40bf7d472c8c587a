"""Finding a place, an estate or a building by the words people use for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.utils.timezone import localdate
from django.utils.translation import gettext

from silin.lib.text import bigrams
from silin.places.models import Building, Estate, Facility, Place
from silin.places.queries import around, lines

Spot = Building | Estate

MOST = 20
ENOUGH = 500  # candidates that are looked at for the likeliest
LONGEST = 40  # characters of a search that are looked at

# What follows a building's number: "5 号楼 3 单元", "5栋301室", "#5" has its sign in front.
NUMBER = re.compile(
    r"(?P<estate>.*?)(?:building|no\.?|#|第)?"
    r"(?P<number>\d{1,4}[a-z甲乙丙丁]?|[a-z](?=座|栋|幢|号|楼))"
    r"(?:号楼|号|栋|幢|座|楼|#)*(?:(?P<entrance>\d+)(?:单元|门)(?:(?P<door>\d+)[室号]?)?|(?P<only>\d+)室)?"
)
DASHED = re.compile(r"(\d{1,4})[-—－](\d{1,2})(?:[-—－](\d{2,4}))?$")  # 3-2-301
SPOKEN = re.compile(r"[一二三四五六七八九十]{1,3}(?=号楼|号|栋|幢|座|单元|门)")
DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}


def find_spots(text: str, within: Place | None = None) -> list[Spot]:
    """The buildings and estates that ``text`` may mean, the likeliest first, at most twenty.

    ``5号楼``, ``幸福里5号``, ``xfl5`` or ``building 5`` finds buildings; a name, a part of one, its pinyin
    or initials find estates. When no
    estate has the name, those that share most pairs of characters with it are taken. ``within`` keeps to
    one place. At most three statements.
    """
    words = _plain(text)
    if not words:
        return []
    asked = NUMBER.fullmatch(words)
    found: list[Spot] = []
    if asked:
        found += _buildings(asked["number"], asked["estate"], within)
    if found:
        found += _having(words, _estates(words, within))
    else:
        found += _estates(asked["estate"] if asked and asked["estate"] else words, within)
    return found[:MOST]


@dataclass(frozen=True)
class Address:
    """What an address says within a building: its entrance and its door, empty where it does not."""

    entrance: str = ""
    door: str = ""


def address_in(text: str) -> Address:
    """The entrance and door that ``text`` names: ``3号楼2单元301``, ``三号楼二单元``, ``3-2-301``."""
    asked = NUMBER.fullmatch(_plain(text))
    if asked is None:
        return Address()
    return Address(asked["entrance"] or "", asked["door"] or asked["only"] or "")


def find_places(text: str, within: Place | None = None, most: int = 50) -> list[Place]:
    """Active places whose name holds ``text`` or whose code begins with it, wider ones first.

    A name is also found by its pinyin and by the initials of it. At most three statements.
    """
    words = _plain(text)
    places = Place.objects.active()
    if within:
        places = places.under(within)
    usual = within is not None and places.has_many_called(words)
    called = places.called_one_by_one(words) if usual else places.called(words)
    found = {place.pk: place for place in called[:ENOUGH]}
    if words.isdecimal():
        coded = places.filter(code__gte=words, code__lt=f"{words}a").order_by("code")
        found |= {place.pk: place for place in coded[:ENOUGH]}
    return sorted(found.values(), key=lambda place: (len(place.path), place.code))[:most]


def find_facilities(text: str, within: Place | None = None) -> list[Facility]:
    """Facilities that are there today whose name holds ``text``, its pinyin or initials. One statement."""
    rows = Facility.objects.active(localdate()).called(text[:LONGEST])
    if within:
        rows = rows.under(within)
    found = rows.select_related("kind", "place")[:ENOUGH]
    return sorted(found, key=lambda row: (len(row.name), row.name))[:MOST]


@dataclass(frozen=True)
class Hit:
    """Something found: its name, what it is, where it lies in words, and the place whose page shows it."""

    name: str
    kind: str
    where: str
    place: Place


def search(text: str, within: Place | None = None) -> list[Hit]:
    """Places, estates, buildings and facilities that ``text`` may mean. At most nine statements.

    ``within`` keeps to one place.
    """
    spots: list[Spot | Facility] = [*find_spots(text, within), *find_facilities(text, within)]
    homes = [spot.grid if isinstance(spot, Building) else spot.place for spot in spots]
    rows = lines([*find_places(text, within), *homes])
    here = len(rows) - len(spots)
    hits = [Hit(place.short_name, place.kind_words, where, place) for place, where in rows[:here]]
    for spot, (place, where) in zip(spots, rows[here:], strict=True):
        hits.append(Hit(spot.name, _sort(spot), f"{where} › {place.short_name}", place))
    return hits


def _sort(spot: Spot | Facility) -> str:
    if isinstance(spot, Facility):
        return str(spot.kind)
    return gettext("building") if isinstance(spot, Building) else gettext("estate")


def _plain(text: str) -> str:
    return spelled(unicodedata.normalize("NFKC", text)[:LONGEST])


def spelled(text: str) -> str:
    """Narrow, small, without blanks and punctuation between words; ``三号楼`` and ``3-2-301`` in digits."""
    narrow = unicodedata.normalize("NFKC", text).casefold().strip()
    narrow = SPOKEN.sub(lambda found: str(_counted(found[0])), DASHED.sub(_spelled, narrow))
    return re.sub(r"[\s,，、。·‧\-—_]+", "", narrow)


def _spelled(dashed: re.Match[str]) -> str:
    """``3-2-301`` as people say it."""
    building, entrance, door = dashed.groups()
    return f"{building}号楼{entrance}单元{door or ''}"


def _counted(words: str) -> int:
    """``十二`` is 12, ``二十`` 20, ``三`` 3."""
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int("".join(str(DIGITS[sign]) for sign in words))
    return 10 * DIGITS.get(tens, 1) + DIGITS.get(ones, 0)


def _buildings(number: str, estate: str, within: Place | None) -> list[Building]:
    """Buildings with this number, in the estates that ``estate`` may mean (in any, when it is empty)."""
    beside = ("estate", "grid__parent__parent")  # a micro-grid's grid, and the community of that
    rows = Building.objects.filter(number__iexact=number).select_related(*beside)
    if within:
        rows = rows.filter(grid__path__gte=within.path, grid__path__lt=f"{within.path}a")
    if not estate:
        return list(rows.order_by("estate__name", "pk")[:MOST])
    likely = [each.pk for each in _estates(estate, within)]
    return sorted(rows.filter(estate__in=likely), key=lambda row: likely.index(row.estate_id))


def _estates(words: str, within: Place | None) -> list[Estate]:
    """The estates whose name holds ``words``; else those that share pairs with it, best first."""
    pairs = bigrams(words)
    rows = Estate.objects.called(words, *pairs).select_related("place")
    if within:
        rows = rows.filter(around([within]))  # a grid lies in its community, so it has all of its estates
    found = sorted(rows.order_by("pk")[:ENOUGH], key=lambda row: _distance(_plain(row.name), words, pairs))
    return _having(words, found) or found


def _having(words: str, estates: Sequence[Estate]) -> list[Estate]:
    return [estate for estate in estates if words in _plain(estate.name)]


def _distance(name: str, words: str, pairs: Sequence[str]) -> tuple[int, int, int, str]:
    """Sorts the likeliest name first: most pairs in common, then the longest common beginning."""
    shared = len(set(bigrams(name)).intersection(pairs))
    alike = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(name, words, strict=False)))
    return -shared, -alike, len(name), name
