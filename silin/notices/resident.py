"""The inbox: everybody's own messages, residents' and workers' alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST, require_safe

from silin.accounts.models import User
from silin.lib.paging import page_by_key
from silin.lib.shells import in_own_front, own_url, shell_of
from silin.notices.actions import mark_read
from silin.notices.models import Notice, Rendered
from silin.notices.queries import inbox_of

PAGE = 30


@dataclass(frozen=True)
class Line:
    """A message in words, in the language of the page."""

    notice: Notice
    words: Rendered


@login_required
@in_own_front
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: their own messages, the newest first."""
    page = page_by_key(inbox_of(_me(request)), ("-id",), request.GET.get("after", ""), PAGE)
    language = get_language() or ""
    lines = [Line(each, each.render(language)) for each in page.rows]
    context = {"lines": lines, "page": page, "unread": any(each.read_at is None for each in page.rows)}
    context |= {"shell": shell_of(request), "read_all_url": own_url(request, "notices:read_all")}
    context["choices_url"] = own_url(request, "notices:choices")
    return render(request, "notices/inbox.html", context)


@login_required
@require_GET
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever it was sent to: it is read now, and what it tells of is shown; a stranger gets "not found"."""
    now = timezone.now()
    notice = get_object_or_404(inbox_of(_me(request), now), pk=pk)
    mark_read(_me(request), notice.pk, now=now)
    ours = notice.link.startswith("/") and url_has_allowed_host_and_scheme(notice.link, None)
    return HttpResponseRedirect(notice.link if ours else reverse("notices:inbox"))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: all of their own messages are read."""
    now = timezone.now()
    for notice in inbox_of(_me(request), now).filter(read_at=None):
        mark_read(_me(request), notice.pk, now=now)
    return HttpResponseRedirect(own_url(request, "notices:inbox"), status=303)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
