"""The account of whoever works, in the shell of their post."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.accounts.models import User
from silin.lib.masking import mask_phone
from silin.lib.shells import own_url, shell_of
from silin.notices.queries import inbox_of
from silin.people.queries import posts_of

PAGES = {
    "inbox": "notices:inbox",
    "choices": "notices:choices",
    "sessions": "accounts:sessions",
    "second": "accounts:my_second_factor",
    "password": "accounts:password",
    "privacy": "people:privacy",
}


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: their own messages, devices, second factor and what is held, while they work."""
    user, now = request.user, timezone.now()
    assert isinstance(user, User)
    context = {
        "shell": shell_of(request),
        "posts": posts_of(user, now),
        "unread": inbox_of(user, now).filter(read_at=None).count(),
        "signs_in_as": [each for each in (user.email, user.phone and mask_phone(user.phone)) if each],
    }
    context |= {f"{name}_url": own_url(request, page) for name, page in PAGES.items()}
    return render(request, "people/me.html", context)
