"""Which facts a bad review's own actions leave, written apart from its verbs: see ``matters.bookkeeping``."""

from __future__ import annotations

from silin.history.models import Entry
from silin.matters.bookkeeping import Rule, Story, nothing


def _put_right(story: Story, entry: Entry) -> None:
    story.leave("put_right", entry, on_time=not entry.fields.get("late", False))


def _decided(story: Story, entry: Entry) -> None:
    story.leave("appealed", entry, outcome="granted" if entry.fields["granted"] else "dismissed")


LEAVES: dict[str, Rule] = {
    "order": nothing,
    "put_right": _put_right,
    "appeal": nothing,
    "decide": _decided,
}
