"""One line of the table of measurements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured, against what, the ratio reached, the goal, and the figures behind it."""

    work: str
    against: str
    reached: str
    goal: str
    note: str

    def __str__(self) -> str:
        return f"| {self.work} | {self.against} | {self.reached} | {self.goal} | {self.note} |"
