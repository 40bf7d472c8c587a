"""The national list of divisions that comes with the package: what a new city begins with."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused
from silin.lib.text import listed
from silin.places.divisions import COLUMNS
from silin.places.levels import DIGITS, Level, kind_of_code, level_of_code

LIST = Path(__file__).parent / "data" / "divisions_cn_2023.csv.xz"
CITY_AT_LEAST = "0" * (12 - DIGITS[Level.CITY])  # what the codes of cities and provinces end with
MUNICIPAL = "市辖区"  # how the list calls the city-level row of a municipality
SHOWN = 12


@dataclass(frozen=True)
class City:
    """A city of the list: its code, its name, and the name of its province."""

    code: str
    name: str
    province: str

    def __str__(self) -> str:
        return f"{self.code} {self.province} {self.name}"


def cities() -> list[City]:
    """Every city of the list; one of the municipalities bears the municipality's own name."""
    found: list[City] = []
    province = ""
    for code, name in lines():
        if not code.endswith(CITY_AT_LEAST):
            continue
        if level_of_code(code) == Level.PROVINCE:
            province = name
        else:
            found.append(City(code, province if name == MUNICIPAL else name, province))
    return found


def find_city(said: str) -> City:
    """The city that is called by its code (4, 6 or 12 digits) or by its name, with or without 市.

    Raises ``Refused`` (``no_city``, ``which_city``).
    """
    said = said.strip()
    every = cities()
    if said.isdecimal():
        hits = [city for city in every if len(said) >= 4 and city.code == said.ljust(12, "0")]
    else:
        hits = [city for city in every if said in (city.name, city.name.removesuffix("市"))]
        hits = hits or [city for city in every if said and said in city.name]
    if len(hits) == 1:
        return hits[0]
    if hits:
        words = {"name": said, "cities": listed(hits[:SHOWN])}
        message = _("%(name)s can be one of several cities: %(cities)s. Say the code.")
        raise Refused("which_city", message % words, field="city")
    message = _("The national list has no city %(name)s. Say its name as on official papers, or its code.")
    raise Refused("no_city", message % {"name": said}, field="city")


def branch(city: City) -> bytes:
    """The city and everything below it, as a file that ``import_divisions`` takes."""
    rows = list(_rows(city.code[: DIGITS[Level.CITY]]))
    rows[0] = [city.code, city.name, rows[0][2], ""]
    return _as_csv(rows)


def whole() -> bytes:
    """All of it, as a file that ``import_divisions`` takes."""
    return _as_csv(_rows(""))


def lines() -> Iterator[tuple[str, str]]:
    """Code and name of every division, in the order of the codes: parents before what lies in them."""
    with lzma.open(LIST, "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            code, _comma, name = line.rstrip("\n").partition(",")
            yield code, name


def _rows(start: str) -> Iterator[list[str]]:
    """Lines whose codes begin with ``start``, with level and parent, which the digits say."""
    known: set[str] = set()
    for code, name in lines():
        if not code.startswith(start):
            continue
        level = level_of_code(code)
        known.add(code)
        word = kind_of_code(code, level) if level == Level.COMMUNITY else level.value
        yield [code, name, word, _parent(code, level, known)]


def _parent(code: str, level: Level, known: set[str]) -> str:
    """The division one level above; a city without counties holds its streets itself."""
    wider = [code[: DIGITS[each]].ljust(12, "0") for each in list(DIGITS)[: level.depth]]
    return next((each for each in reversed(wider) if each in known), "")


def _as_csv(rows: Iterable[list[str]]) -> bytes:
    out = io.BytesIO()
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    text.flush()
    return out.getvalue()
