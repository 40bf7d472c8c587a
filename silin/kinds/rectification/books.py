"""Which facts its own actions leave, written apart from its verbs: see ``matters.bookkeeping``."""

from __future__ import annotations

from silin.matters.bookkeeping import Rule, answered, looked_back, nothing, rejected, verified

LEAVES: dict[str, Rule] = {
    "plan": nothing,
    "apply": answered,
    "strike_off": verified,
    "turn_down": rejected,
    "call_off": nothing,
    "remeasure": looked_back,
    "remind": nothing,
}
