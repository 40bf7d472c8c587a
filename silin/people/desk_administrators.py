"""The three administrators on one page: who they are, what each may do, and setting their seats up."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from silin.lib.refusal import NotAllowed, NotFound, Words
from silin.people.actions import add_post
from silin.people.administrators import FOUNDER, GIVES, KINDS
from silin.people.doors import for_posts, viewer
from silin.people.models import Holding, Post, PostKind, today
from silin.places.queries import root

SEE = "people.see"
DUTIES: dict[str, Words] = {
    "system_admin": _("Looks after the machine, the territory and the texts of the city. Gives no rights."),
    "security_admin": _("Gives and ends posts, helps with lost phones. Has no hand on the machine."),
    "auditor": _("Reads the book of deeds. Changes nothing."),
}


@dataclass(frozen=True)
class Chair:
    """One of the three: what it is for, its seats with whoever holds them."""

    kind: PostKind
    duty: Words
    seats: list[Post]


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def administrators(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``people.see``: the three administrators of the city; who gives its posts sets seats up."""
    user, now = viewer(request), timezone.now()
    city = root()
    if city is None:
        raise NotFound
    edits = user.has_perm(GIVES, city)
    if request.method == "POST":
        if not edits:
            raise NotAllowed
        if request.POST.get("kind") not in KINDS:
            raise NotFound
        made = add_post(request.POST["kind"], city, actor=user, now=now, serial=1)
        return HttpResponseRedirect(reverse("people:desk_post", args=[made.pk]), status=303)
    current = Holding.objects.current(today(now)).select_related("user").order_by("stand_in", "valid_from")
    posts = Post.objects.open().filter(place=city, kind__in=KINDS).order_by("serial").select_related("kind")
    seats = list(posts.prefetch_related(Prefetch("holdings", current, to_attr="now_held")))
    kinds = PostKind.objects.in_bulk([*KINDS, FOUNDER])
    chairs = [Chair(kinds[code], DUTIES[code], [s for s in seats if s.kind_id == code]) for code in KINDS]
    context = {"city": city, "chairs": chairs, "edits": edits, "founder": kinds[FOUNDER]}
    context["sees"] = user.has_perm(SEE, city)
    context["beginning"] = GIVES in kinds[FOUNDER].capabilities
    return render(request, "people/desk/administrators.html", context)
