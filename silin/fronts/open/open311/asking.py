"""What a call asks for: an empty parameter is the same as none; all that is wrong is named at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from silin.fronts.open.open311.door import Faults
from silin.lib.datum import Datum
from silin.lib.refusal import NotFound, Refused, Words
from silin.matters.open_map import read_box
from silin.matters.released import Box
from silin.places.queries import root

DAYS_AT_MOST = timedelta(days=90)
PAGE, PAGES_AT_MOST = 1000, 1000
SAID_AT_MOST = 4000


@dataclass
class Asked:
    """The parameters of a call, and what was wrong with those that were read."""

    said: Mapping[str, Any]
    faults: list[Refused] = field(default_factory=list)

    def words(self, name: str) -> str:
        """One parameter as it came, without blanks around it; empty where there is none."""
        return str(self.said.get(name, "") or "").strip()

    def listed(self, name: str) -> list[str]:
        """The parts of a comma-separated parameter."""
        return [part.strip() for part in self.words(name).split(",") if part.strip()]

    def moment(self, name: str) -> datetime | None:
        """A moment in ISO 8601 with its zone; a blank where a ``+`` was not escaped is read as one."""
        text = self.words(name).replace(" ", "+")
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 1900 < moment.year < 9000:
            self.wrong(name, _("Please give a moment with its zone, like 2026-11-27T08:30:00+08:00."))
            return None
        return moment

    def number(self, name: str) -> float | None:
        """A number in digits."""
        text = self.words(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.wrong(name, _("Please write a number in digits."))
            return None
        return value

    def whole(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 to ``most``."""
        text = self.words(name)
        if not text:
            return usual
        value = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        if not 1 <= value <= most:
            self.wrong(name, format_lazy(_("Please give a whole number from 1 to {most}."), most=most))
            return usual
        return value

    def one_of(self, name: str, known: tuple[str, ...]) -> list[str]:
        """Some of the words ``known``; all of them where nothing was asked for."""
        chosen = self.listed(name)
        if not set(chosen) <= set(known):
            self.wrong(name, format_lazy(_("Known are: {known}."), known=", ".join(known)))
        return chosen or list(known)

    def box(self, name: str) -> Box | None:
        """A box of longitudes and latitudes: west, south, east, north."""
        text = self.words(name)
        try:
            return read_box(text) if text else None
        except Refused as refusal:
            self.wrong(name, refusal.message)
            return None

    def datum(self) -> Datum:
        """Of which map the points are (``datum``): WGS 84, unless a client says GCJ-02 or BD-09."""
        said = self.words("datum").upper().replace("-", "").replace("_", "")
        by_name = {each.value.replace("-", ""): each for each in Datum}
        if said and said not in by_name:
            known = ", ".join(Datum)
            self.wrong("datum", format_lazy(_("Known are: {known}."), known=known))
        return by_name.get(said, Datum.WGS84)

    def span(
        self, first: str, last: str, now: datetime, usual: timedelta = DAYS_AT_MOST
    ) -> tuple[datetime, datetime]:
        """From when to when, 90 days at most; ``usual`` long where nothing says when it begins."""
        begin, end = self.moment(first), self.moment(last)
        if begin is None:
            end = end or now
            return end - usual, end
        end = end or begin + DAYS_AT_MOST
        if end < begin:
            self.wrong(last, _("The end lies before the beginning."))
        elif end - begin > DAYS_AT_MOST:
            self.wrong(last, _("That is more than 90 days. Please ask for less at once."))
        return begin, end

    def wrong(self, name: str, message: Words) -> None:
        """Note what is wrong with a parameter; the call goes on until all of them have been read."""
        self.faults.append(Refused("bad_value", format_lazy("{name}: {words}", name=name, words=message)))

    def check(self) -> None:
        """Raises ``Faults`` where anything was wrong."""
        if self.faults:
            raise Faults(self.faults)


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for. Raises ``NotFound`` for the place of somebody else."""
    asked = Asked(request.GET)
    check_jurisdiction(asked.words("jurisdiction_id"), request)
    return asked


def check_jurisdiction(said: str, request: HttpRequest) -> None:
    """One city is served here, under its number or the name of the host; none need be said."""
    if not said or said == request.get_host().partition(":")[0]:
        return
    city = root()
    if city is None or said != city.code:
        raise NotFound(_("jurisdiction_id: no such place is served here."))
