"""Messages follow a guest to the account they turn out to have."""

from __future__ import annotations

from datetime import datetime

from silin.accounts.models import User
from silin.notices.models import Notice


def adopt(guest: User, user: User, now: datetime) -> None:
    """Everything in the inbox of ``guest`` is from now on in that of ``user``."""
    Notice.objects.filter(recipient=guest).update(recipient=user)
