"""The jobs loop dies while it tells a system: everything arrives, in order, some of it once more."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils import timezone

from silin.exchange.models import Delivery
from silin.exchange.tests.receiver import listening
from silin.exchange.tests.test_telling import Here
from tests import servers
from tests.stories.fast_loop import FastClock
from tests.stories.proof import drawn, until


def test_a_loop_killed_between_sending_and_noting_it_sends_once_more(live_db: str, tmp_path: Path) -> None:
    chance, loops = drawn(), list[subprocess.Popen[bytes]]()
    with listening() as receiver:
        here = Here()
        here.told(receiver)
        last_words = chance.sample(range(1, 17), 3)

        def answer(_said: dict[str, Any]) -> int:
            if len(receiver.ids) in last_words:
                loops[-1].kill()
            return 204

        receiver.answer = answer
        for n in range(8):
            here.whistled(f"第{n}处灯杆歪了")
        clock = FastClock(timezone.now(), time.time(), speed=60)
        while Delivery.objects.waiting().exists() or not receiver.ids:
            loops.append(_loop(live_db, tmp_path, clock))
            until(lambda: loops[-1].poll() is not None or not _is_left())
        loops[-1].kill()
        for each in loops:
            each.wait()
    told = [key for key, _same in groupby(receiver.ids)]
    assert len(told) == len(set(told)) == 16, "in order, and what came twice came one after the other"
    assert len(loops) >= 4
    assert len(receiver.ids) - 16 <= 3
    assert [said["data"]["line"] for said in receiver.said] == sorted(
        said["data"]["line"] for said in receiver.said
    )


def _is_left() -> bool:
    return Delivery.objects.waiting().exists() or Delivery.objects.count() < 16


def _loop(name: str, folder: Path, clock: FastClock) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.stories.fast_loop", str(clock)]
    return subprocess.Popen(command, env=servers.environment(name), cwd=folder)
