"""The account of a colleague: where they are signed in, signing them out, a lost phone."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from silin.accounts import second_factor
from silin.accounts.models import User
from silin.accounts.sessions import sessions_of
from silin.accounts.signing_in import see_other
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.people import queries, staff_accounts
from silin.people.doors import for_posts, viewer

SHOWN = 50


class ReasonForm(forms.Form):
    """Why somebody is let set up another phone."""

    reason = forms.CharField(
        label=gettext_lazy("Why, and how you know that it is them"),
        help_text=gettext_lazy("The other administrators read it, and it stays in the book of deeds."),
        max_length=staff_accounts.REASON_AT_MOST,
        widget=forms.Textarea,
    )


@for_posts(staff_accounts.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, person: UUID) -> HttpResponseBase:
    """Staff with ``people.edit`` over all posts of the person: their devices, and what to do in need."""
    user = User.objects.filter(pk=person).first()
    if user is None or not staff_accounts.may_help(viewer(request), user, timezone.now()):
        raise NotFound
    if request.method != "POST":
        return _page(request, user, ReasonForm())
    if request.POST.get("do") == "end":
        staff_accounts.end_sessions_of(user, actor=viewer(request), now=timezone.now())
        messages.success(request, _("%(person)s is signed out everywhere.") % {"person": user})
        return see_other(request.path)
    return _reset(request, user)


def _reset(request: HttpRequest, user: User) -> HttpResponseBase:
    form, now = ReasonForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, user, form, 400)
    try:
        staff_accounts.reset_second_factor(
            user, reason=form.cleaned_data["reason"], actor=viewer(request), now=now
        )
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return _page(request, user, form, refusal.status)
    messages.success(request, _("%(person)s sets up another phone at the next sign-in.") % {"person": user})
    return see_other(request.path)


def _page(request: HttpRequest, user: User, form: ReasonForm, status: int = 200) -> HttpResponseBase:
    now = timezone.now()
    context = {
        "person": user,
        "posts": queries.posts_of(user, now),
        "rows": sessions_of(user, now)[:SHOWN],
        "factor": second_factor.of(user),
        "form": form,
    }
    return render(request, "people/desk/account.html", context, status=status)
