"""What a clock shows: worked out by the engine, drawn by the clock chip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClockView:
    """``colour`` is ok, warn, late or stop; ``left_seconds`` of working time (negative: over time)."""

    colour: str
    due: datetime | None
    left_seconds: int
    stopped_reason: str = ""
