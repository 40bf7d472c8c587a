"""What changed about an account, told to the room that writes it down and sends word to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from silin.accounts.models import User

PASSWORD_LINK = "password_link"  # somebody asked for it: nothing has changed yet
PASSWORD_CHANGED = "password_changed"
SECOND_FACTOR_SET_UP = "second_factor_set_up"
RECOVERY_CODES_MADE = "recovery_codes_made"
NEW_DEVICE = "new_device"

Teller = Callable[[User, str, Mapping[str, str], datetime], None]


def tell(user: User, name: str, now: datetime, **params: str) -> None:
    """Say that ``name`` happened to the account of ``user``, in the transaction in which it did.

    ``settings.ACCOUNT_NEWS`` is a function (user, name, params, now) of a higher room.
    """
    teller: Teller = import_string(settings.ACCOUNT_NEWS)
    teller(user, name, params, now)
