"""The stories of ``test_faults.py`` and ``test_kills.py`` ten times over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import servers
from tests.stories import test_faults as faults
from tests.stories import test_kills as kills
from tests.stories import test_outages as outages

pytestmark = pytest.mark.slow


def test_one_report_sent_a_thousand_times_at_once_is_one_matter(live_db: str, server: str) -> None:
    faults.same_from_a_program(server, 50)


def test_a_button_pressed_a_thousand_times_at_once_is_one_matter(live_db: str, server: str) -> None:
    faults.same_from_a_page(server, 50)


def test_eighty_pairs_at_once(live_db: str, server: str) -> None:
    faults.two_at_once(server, 80)


def test_thirty_killed_web_workers_lose_no_report(live_db: str, tmp_path: Path) -> None:
    with servers.running("up", live_db, tmp_path) as server:
        kills.kill_web_workers(server, times=30, threads=6, pause=8)


def test_thirty_killed_jobs_loops_are_caught_up_with(live_db: str, tmp_path: Path) -> None:
    kills.kill_the_loop(tmp_path, live_db, times=30, matters=400)


def test_everything_dies_ten_times_under_load(live_db: str, tmp_path: Path) -> None:
    outages.kill_everything(live_db, tmp_path, times=10, threads=6)


def test_a_thousand_hang_up(live_db: str, server: str) -> None:
    outages.hang_up_often(server, times=1000)
