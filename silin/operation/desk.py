"""The checklist before opening, and the page of whoever looks after the machines."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from silin.lib.jobs import last_heartbeat
from silin.lib.masking import mask_phone
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.lib.sheets.sheet import find_sheets
from silin.notices.models import Notice, SmsTemplate
from silin.notices.sms import SIGN_IN_CODE
from silin.operation import actions, queries
from silin.people.doors import for_posts, viewer
from silin.people.queries import places_where
from silin.places.models import Place

SET_UP, RUN = "city.set_up", "system.run"
SIZE = 30
AT_ONCE = 200


@for_posts(SET_UP)
@require_safe
def set_up(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``city.set_up``: what is there and what is missing before their city can open."""
    return _set_up(request)


@for_posts(SET_UP)
@require_POST
def open_city(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``city.set_up``: open their city to residents; a refusal is said above the checklist."""
    try:
        actions.open_city(_city(request), actor=viewer(request), now=timezone.now())
    except Refused as refusal:
        return _set_up(request, refusal)
    messages.success(request, _("The platform is open: residents can use it now."))
    return redirect("operation:set_up")


@for_posts(RUN)
@require_safe
def operator(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``system.run``: jobs, messages that nobody got, disk, versions, backups."""
    now, beat = timezone.now(), last_heartbeat()
    given_up = Notice.objects.filter(given_up_at__isnull=False)
    context = {
        "beat": beat,
        "silent": beat is None or (now - beat).total_seconds() > 120,
        "jobs": queries.job_runs(),
        "page": page_by_key(given_up, ("-id",), request.GET.get("after", ""), SIZE),
        "waiting": Notice.objects.filter(next_try__isnull=False).count(),
        "machine": queries.machine(),
        "backup": queries.last_backup(),
        "backup_is_old": queries.backup_is_old(now),
        "printed": settings.SILIN_SMS_BACKEND == "console",
        "tried": queries.last_sms_try(),
        "phone": mask_phone(viewer(request).phone),
    }
    return render(request, "operation/desk/operator.html", context)


@for_posts(RUN)
@require_POST
def try_job(request: HttpRequest, name: str) -> HttpResponseBase:
    """Staff with ``system.run``: let the loop run a job once more."""
    actions.try_job_again(name, actor=viewer(request), now=timezone.now())
    messages.success(request, _("The job runs again within a few seconds."))
    return redirect("operation:operator")


@for_posts(RUN)
@require_POST
def try_notices(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``system.run``: send the ticked messages once more."""
    ids = [int(word) for word in request.POST.getlist("notice")[:AT_ONCE] if word.isdecimal()]
    n = actions.try_notices_again(ids, actor=viewer(request), now=timezone.now())
    said = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", n) % {"n": n}
    messages.success(request, said)
    return redirect("operation:operator")


@for_posts(RUN)
@require_POST
def try_sms(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``system.run``: send an example of one of the texts to their own phone."""
    name = request.POST.get("text", SIGN_IN_CODE)
    try:
        actions.try_sms(name, actor=viewer(request), now=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _said_of_try())
    row = SmsTemplate.objects.filter(pk=name).first() if "text" in request.POST else None
    return redirect("admin:notices_smstemplate_change", row.pk) if row else redirect("operation:operator")


def _said_of_try() -> str:
    if settings.SILIN_SMS_BACKEND == "console":
        return _("It was only printed where silin was started: SILIN_SMS_BACKEND is console.")
    return _("The carrier has taken it. Look at your phone: it should be there within a minute.")


def _city(request: HttpRequest) -> Place:
    return places_where(viewer(request), SET_UP, timezone.now())[0]


def _set_up(request: HttpRequest, refusal: Refused | None = None) -> HttpResponseBase:
    city, now = _city(request), timezone.now()
    lines, user = queries.lines(city, now), viewer(request)
    tables = {sheet.key: sheet for sheet in find_sheets() if user.has_perm(sheet.capability)}
    row = queries.setting_up_of(city)
    context: dict[str, Any] = {
        "city": city,
        "rows": [(each, not each.may or user.has_perm(each.may), tables.get(each.sheet)) for each in lines],
        "refusal": refusal,
        "row": row,
        "is_open": row is None or row.opened_at is not None,
        "missing": [line for line in lines if line.must and not line.done],
        "done": sum(line.done for line in lines),
    }
    return render(request, "operation/desk/set_up.html", context, status=refusal.status if refusal else 200)
