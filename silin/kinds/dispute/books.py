"""Which facts a dispute's own actions leave, written apart from its verbs: see ``matters.bookkeeping``."""

from __future__ import annotations

from silin.history.models import Entry
from silin.matters.bookkeeping import Rule, Story, answered, nothing, rejected, verified


def _graded(story: Story, entry: Entry) -> None:
    story.leave("graded", entry, outcome=entry.fields["risk"])
    if "to" in entry.fields:  # whoever leads now has not spoken with them yet
        story.contacted = False


def _mediated(story: Story, entry: Entry) -> None:
    story.leave("mediated", entry, outcome=entry.fields["outcome_of_meeting"])


def _visited(story: Story, entry: Entry) -> None:
    (verified if entry.fields["held"] else rejected)(story, entry)


LEAVES: dict[str, Rule] = {
    "risk": _graded,
    "arrange": nothing,
    "mediate": _mediated,
    "settle": answered,
    "file": nothing,
    "visit": _visited,
    "watch": nothing,
    "remind": nothing,
}
