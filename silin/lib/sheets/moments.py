"""A column of moments: a day with its hour, as programs and people write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta
from typing import Any, Unpack

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused, Words
from silin.lib.sheets.columns import EXCEL_BEGIN, EXCEL_DAYS, NOTHING, Options, read_day
from silin.lib.sheets.sheet import Column
from silin.lib.workdays import SHANGHAI

CLOCK = re.compile(
    r"(.*?[日号\s\dT])[\sT]*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*(?:[:分]\s*(\d{1,2})(?:\.\d+)?\s*秒?)?分?)?"
)
SERIAL = re.compile(r"(\d{5})\.(\d+)")


def moment(name: str, title: Words, **more: Unpack[Options]) -> Column:
    """A day with its hour, of Chinese time: 2026-11-27 08:12, 2026/11/27 8:12:30, 2026年11月27日8时12分.

    Refused: ``bad_day``, ``bad_time``.
    """
    more.setdefault("note", _("day and hour, like 2024-05-06 08:30"))
    return Column(name, title, read=read_moment, say=said, **more)


def read_moment(cell: str) -> datetime | None:
    """The moment in what somebody wrote; a day alone is its beginning. Raises ``Refused`` as ``moment``."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if plain.casefold() in NOTHING:
        return None
    if (serial := SERIAL.fullmatch(plain)) and int(serial[1]) in EXCEL_DAYS:
        seconds = round(float(f"0.{serial[2]}") * 86_400)
        begin = EXCEL_BEGIN + timedelta(days=int(serial[1]))
        return datetime.combine(begin, time(), SHANGHAI) + timedelta(seconds=seconds)
    found = CLOCK.fullmatch(plain)
    day = read_day(found[1].rstrip("T ") if found else plain)
    if day is None:
        return None
    return datetime.combine(day, _clock(cell, found) if found else time(), SHANGHAI)


def said(value: Any) -> str:
    """A moment as the cell carries it, to the second where it has one."""
    if value is None:
        return ""
    local = localtime(value)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _clock(cell: str, found: re.Match[str]) -> time:
    try:
        return time(int(found[2]), int(found[3] or 0), int(found[4] or 0))
    except ValueError as error:
        words: Any = _("There is no such hour: “{cell}”.")
        raise Refused("bad_time", words.format(cell=cell[:60])) from error
