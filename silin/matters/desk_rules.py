"""Routing rules at the desk: the list, one rule with what it once said, and the dry run before a change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.history import queries as history
from silin.history.rows import mark
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.paging import page_by_key
from silin.lib.refusal import Changed, NotFound, Refused
from silin.matters.models import RoutingRule, not_over
from silin.matters.opening import SeeOther
from silin.matters.routing import BESIDE
from silin.matters.rule_forms import EndForm, RuleForm
from silin.matters.rules import (
    EDIT,
    add_rule,
    change_rule,
    check,
    end_rule,
    line_of,
    may_change,
    may_end,
    next_number,
    rows_of,
)
from silin.matters.trying import Trial, try_changes
from silin.people import queries as people
from silin.people.doors import for_posts, viewer
from silin.people.models import today
from silin.places.queries import around

SEE = "matters.triage"
SIZE = 60
SHOWN = 50
LINES = 20

pages = require_http_methods(["GET", "HEAD", "POST"])


@for_posts(SEE)
@require_safe
def rules(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: the rules by which matters of their places are sent on."""
    user, now = viewer(request), timezone.now()
    ended = request.GET.get("ended") == "1"
    rows = RoutingRule.objects.filter(around(people.places_where(user, SEE, now))).select_related(*BESIDE)
    over = not_over(today(now))
    rows = rows.exclude(over) if ended else rows.filter(over)
    context = {
        "page": page_by_key(rows, ("number", "valid_from"), request.GET.get("after", ""), SIZE),
        "ended": ended,
        "day": today(now),
        "edits": user.has_perm(EDIT),
    }
    return render(request, "matters/desk/rules.html", context)


@for_posts(EDIT)
@pages
def new(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``routing.edit``: a new rule, tried out on the last months before it counts."""
    return _Page(request, viewer(request), timezone.now()).answer()


@for_posts(SEE)
@pages
def rule(request: HttpRequest, rule: int) -> HttpResponseBase:
    """Staff with ``matters.triage`` round its place: one rule; who may edit rules changes or ends it."""
    user, now = viewer(request), timezone.now()
    there = around(people.places_where(user, SEE, now))
    if not RoutingRule.objects.filter(there, number=rule).exists():
        raise NotFound
    return _Page(request, user, now, rows_of(rule)).answer()


class _Page:
    """The page of one rule, old or new: look at what a change would do, then make it."""

    def __init__(
        self, request: HttpRequest, user: User, now: datetime, rows: list[RoutingRule] | None = None
    ) -> None:
        self.request, self.user, self.now, self.rows = request, user, now, rows or []
        self.number = self.rows[0].number if self.rows else 0
        self.places = people.places_where(user, EDIT, now)
        self.do, _colon, self.begin = request.POST.get("do", "").partition(":")
        self.trial: Trial | None = None

    def answer(self) -> HttpResponseBase:
        """What was asked for is done, or shown with why not; a rule that ends has no forms."""
        edits, asks = not self.rows or self.user.has_perm(EDIT, self.rows[0]), self.request.method == "POST"
        if asks and not edits:
            raise NotFound
        forms = self._forms(self.request.POST or None) if edits and (asks or not self._ends()) else {}
        asked = forms.get("end" if self.do in ("end", "end_look") else "change")
        if asked is not None and asked.is_bound and asked.is_valid():
            try:
                if self.do in ("keep", "end"):
                    kept = self._keep(asked)
                    messages.success(self.request, _("Written down. It counts from the day you chose."))
                    return SeeOther(reverse("matters:desk_rule", args=[kept.number]))
                self.trial = self._try(asked)
            except NotFound:
                raise
            except Refused as refusal:
                if wants_json(self.request):
                    raise
                asked = self._told(asked, refusal)
                forms["end" if isinstance(asked, EndForm) else "change"] = asked
        status = asked.status if asked is not None else 200
        return render(self.request, "matters/desk/rule.html", self._context(forms), status=status)

    def _ends(self) -> bool:
        return bool(self.rows) and self.rows[0].valid_until is not None

    def _forms(self, data: Any) -> dict[str, RuleForm | EndForm]:
        row = self.rows[0] if self.rows else None
        ends = self.do in ("end", "end_look")
        found: dict[str, RuleForm | EndForm] = {
            "change": RuleForm(None if ends else data, self.places, self.now, row=row)
        }
        if row is not None:
            found["end"] = EndForm(data if ends else None, row, self.now)
        return found

    def _keep(self, form: RuleForm | EndForm) -> RoutingRule:
        sent = form.cleaned_data
        by: dict[str, Any] = {"day": sent["day"], "actor": self.user, "now": self.now}
        if isinstance(form, EndForm):
            return end_rule(self.number, **by, seen=sent["seen"])
        if self.number:
            return change_rule(self.number, form.about(), **by, seen=sent["seen"])
        return add_rule(form.about(), **by, key=sent["key"])

    def _try(self, form: RuleForm | EndForm) -> Trial:
        day = form.cleaned_data["day"]
        if isinstance(form, EndForm):
            may_end(self.rows[0], day, actor=self.user, now=self.now)
            return try_changes({self.number: None}, day, self.now)
        if self.rows:
            may_change(self.rows[0], day)
        row = form.about().row(self.number or next_number(), day)
        check(row, actor=self.user, now=self.now)
        return try_changes({row.number: row}, day, self.now)

    def _told(self, form: RuleForm | EndForm, refusal: Refused) -> RuleForm | EndForm:
        """The form that says why not. Who came second keeps what was typed, and may send it once more."""
        if isinstance(refusal, Changed) and self.rows:
            self.rows = rows_of(self.number)
            sent = self.request.POST.copy()
            sent["seen"] = mark(self.rows[0])
            form = self._forms(sent)["end" if isinstance(form, EndForm) else "change"]
        form.refusal = refusal
        mend(form, refusal)
        return form

    def _context(self, forms: dict[str, RuleForm | EndForm]) -> dict[str, Any]:
        lines = history.of(line_of(self.number)).select_related("actor")[:LINES] if self.number else []
        return {
            "forms": forms,
            "rows": self.rows,
            "row": self.rows[0] if self.rows else None,
            "day": today(self.now),
            "lines": lines,
            "ending": self.do == "end_look",
            **_shown(self.trial, self.begin),
        }


def _shown(trial: Trial | None, asked: str) -> dict[str, Any]:
    """A piece of what would change: from which on is in the button that asked for it."""
    if trial is None:
        return {"trial": None}
    begin = int(asked) if asked.isdigit() else 0
    more = begin + SHOWN if begin + SHOWN < len(trial.moved) else 0
    return {"trial": trial, "moved": trial.moved[begin : begin + SHOWN], "more": more, "begin": begin}
