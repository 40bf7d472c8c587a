"""Measuring one thing beside its floor: CPU time of whole process trees, in turns, ratio of medians."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """What one unit of work took: milliseconds of CPU and of wall time."""

    cpu: float
    wall: float


def in_turns(sides: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """Run the sides one after the other, ``rounds`` times; gives the medians of each."""
    seen: dict[str, list[Cost]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            seen[name].append(run())
    return {
        name: Cost(median(cost.cpu for cost in costs), median(cost.wall for cost in costs))
        for name, costs in seen.items()
    }


def here(work: Callable[[], object], times: int) -> Cost:
    """The cost of one call of ``work`` in this process, from ``times`` calls."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        work()
    return Cost(
        (time.process_time() - cpu) * 1000 / times,
        (time.perf_counter() - wall) * 1000 / times,
    )


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def cpu_ms(pids: list[int], *, ended: bool = False) -> float:
    """CPU milliseconds that the processes have used so far, user and system; with those of ended children."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11 : 15 if ended else 13]))
    return total * 1000 / TICK


def memory_mb(pid: int) -> float:
    """Resident memory of one process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6
