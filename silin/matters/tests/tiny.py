"""A test-only kind: its hooks note what they were called with, and one of them can refuse."""

from __future__ import annotations

from silin.lib.refusal import Refused
from silin.matters.deeds import Deed
from silin.matters.kind import Kind


def refuse_loud_words(deed: Deed) -> None:
    if "!" in deed.words:
        raise Refused("too_loud", "no shouting", field="words")


def note_answer(deed: Deed) -> None:
    deed.fields["noted"] = deed.matter.state


KIND = Kind(
    key="tiny",
    title="Tiny",
    ladder=("grid_worker", "grid_leader", "community_desk"),
    proof=False,
    verified_by=frozenset({"raiser", "post"}),
    reviewed=True,
    may={"answer": refuse_loud_words},
    on={"answer": note_answer},
)
UNVERIFIED = Kind(key="unverified", title="Unverified", ladder=("grid_worker",), verified_by=frozenset())
