"""What a system can be told of, and one message: that something was done, never what was said."""

from __future__ import annotations

import json

from silin.history.models import Entry
from silin.matters.models import Matter


def event_of(line: Entry) -> str:
    """What the line is called in a message."""
    return f"matter.{line.action}"


def body_of(line: Entry, matter: Matter) -> str:
    """The message as JSON: which deed on which matter, and how it stood afterwards. No words, no names.

    Whoever wants to know more asks for the matter with their key, and reads what they may read then.
    """
    data = {
        "line": line.pk,
        "action": line.action,
        "before": line.before,
        "after": line.after,
        "matter": matter.number,
        "kind": matter.kind,
        "category": matter.category_id,
        "place": matter.place.code,
    }
    said = {"type": event_of(line), "timestamp": line.at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
