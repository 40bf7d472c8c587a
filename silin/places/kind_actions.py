"""The kinds of facilities and of older nets, as a city changes them."""

from __future__ import annotations

from datetime import datetime

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.places.models import FacilityKind, NetKind


def set_facility_kind(
    row: FacilityKind, *, actor: User | None, now: datetime, seen: str | None = None
) -> FacilityKind:
    """Let a kind of facility be what ``row`` says, a new one too; otherwise as ``write_row``."""
    write_row(row, "facility_kind", actor=actor, now=now, seen=seen)
    return row


def set_net_kind(row: NetKind, *, actor: User | None, now: datetime, seen: str | None = None) -> NetKind:
    """Let a kind of older nets be what ``row`` says; otherwise as ``set_facility_kind``."""
    write_row(row, "net_kind", actor=actor, now=now, seen=seen)
    return row
