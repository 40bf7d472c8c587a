"""Pages that bring themselves up to date: whoever asks again before anything has happened hears just that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import etag

from silin.history.models import Entry

AT_LEAST = timedelta(minutes=5)
"""What hangs on the hour alone, as the time that is left, is drawn anew this often."""


def _stand(request: HttpRequest, *_args: Any, **_kwargs: Any) -> str | None:
    """How the world stands for whoever asks: the number of the newest deed, and who reads it when.

    None for a page that a person asked for: it is always drawn.
    """
    if request.headers.get("X-Fragment") != "live":
        return None
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    slot = int(timezone.now().timestamp() / AT_LEAST.total_seconds())
    return f"{newest}.{request.user.pk}.{get_language()}.{slot}"


live = etag(_stand)
"""For views with ``data-live`` parts: answers 304 while nothing has been done since it last asked."""
