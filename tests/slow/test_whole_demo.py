"""The whole half-year of the demo: as many matters as promised, in their shares, nothing said three times."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from silin.history import queries as history
from silin.history.models import Words
from silin.matters.models import Matter, Review, State
from tests import servers

pytestmark = pytest.mark.slow
FULL = ("610303006003", "610302005003", "610304003002", "610305100002")
RESIDENTS = ("web", "phone", "counter")


@pytest.fixture
def whole(live_db: str, tmp_path: Path) -> None:
    """The city as ``silin demo --whole`` leaves it."""
    environment = servers.environment(live_db, SILIN_HOME=str(tmp_path))
    command = [sys.executable, "-m", "silin", "demo", "--whole", "--no-serve"]
    subprocess.run(command, env=environment, cwd=tmp_path, check=True)


def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)


def test_the_half_year(whole: None) -> None:
    _has_the_promised_shares()
    _says_nothing_three_times()


def _has_the_promised_shares() -> None:
    matters = Matter.objects.filter(unit__in=FULL)
    assert matters.count() == 6240
    by = Counter(matters.values_list("channel", flat=True))
    sources = {
        "rounds": by["worker"],
        "residents": sum(by[channel] for channel in RESIDENTS),
        "riders": by["wechat"],
        "hotline": by["hotline"],
        "devices": by["device"],
    }
    wanted = {"rounds": 45, "residents": 30, "riders": 8, "hotline": 10, "devices": 7}
    assert all(abs(share(n, 6240) - wanted[name]) < 2 for name, n in sources.items()), sources
    closed = matters.filter(state=State.CLOSED)
    levels = Counter(closed.values_list("holder__place__level", flat=True))
    settled = {"grid": 82, "county": 13, "street": 5}
    assert all(abs(share(levels[level], closed.count()) - n) < 2 for level, n in settled.items()), levels
    by_residents = closed.filter(channel="web")
    reviewed = Review.objects.filter(matter__in=by_residents)
    assert 50 < share(reviewed.count(), by_residents.count()) < 60
    assert 2 < share(reviewed.filter(grade__lte=2).count(), reviewed.count()) < 8
    assert history.check() == []


def _says_nothing_three_times() -> None:
    said: Counter[str] = Counter()
    for texts in (
        Matter.objects.values_list("title"),
        Matter.objects.values_list("words"),
        Words.objects.values_list("text"),
        Review.objects.values_list("words"),
    ):
        said.update(text for (text,) in texts if text)
    assert [(text, n) for text, n in said.most_common(20) if n > 2] == []
