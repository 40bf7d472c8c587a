"""A service request from outside: who reports what, where, with which answers and pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.accounts.models import Client
from silin.files.models import File
from silin.forms.answering import WrongAnswers, check_answers
from silin.forms.schema import Schema, Sort
from silin.fronts.open.open311.asking import SAID_AT_MOST, Asked, check_jurisdiction
from silin.fronts.open.open311.door import Said, client_of
from silin.fronts.open.open311.media import URL_AT_MOST, pictures_of, with_address
from silin.fronts.open.open311.services import schema_of, service
from silin.fronts.open.open311.spots import spot_of
from silin.kinds.report.kind import KIND
from silin.lib.dates import exact_words
from silin.matters.callers import reporter_of
from silin.matters.deeds import By
from silin.matters.models import Category, Matter
from silin.matters.raising import Report, raise_matter

CHANNEL = "api"
ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\]]{1,40})\](?P<several>\[\d{0,2}\])?")
KEY_AT_MOST = 200


@dataclass(frozen=True)
class Sent:
    """What came in, looked over as far as that costs no statement."""

    asked: Asked
    category: Category
    answers: dict[str, Any]
    words: str


def submitted(request: HttpRequest) -> Said:
    """The request that was sent, as a matter with its number. Raises ``Refused`` and ``Faults``."""
    client = client_of(request, "raise")
    asked = Asked(request.POST)
    check_jurisdiction(asked.words("jurisdiction_id") or request.GET.get("jurisdiction_id", ""), request)
    sent = _looked_over(request, asked)
    with pictures_of(request) as files:
        matter = _raised(request, client, sent, files)
    due = matter.handle_due
    notice = _("It is to be done by %(when)s.") % {"when": exact_words(due)} if due else None
    said = {"service_request_id": matter.number, "service_notice": notice, "account_id": None}
    return "service_requests", [said]


def _looked_over(request: HttpRequest, asked: Asked) -> Sent:
    code = asked.words("service_code")
    if not code:
        asked.wrong("service_code", gettext_lazy("Please say which service it is."))
        asked.check()
    category = service(code)
    asked.number("lat"), asked.number("long"), asked.datum()
    words = asked.words("description")
    if len(words) > SAID_AT_MOST:
        message = format_lazy(gettext_lazy("There is room for {most} characters."), most=SAID_AT_MOST)
        asked.wrong("description", message)
    if not any(asked.words(name) for name in ("lat", "address_string", "address_id")):
        asked.wrong("lat", gettext_lazy("Please say where it is: a point, an address or the id of one."))
    answers = _answers(request, asked, schema_of(category))
    words = with_address(words or str(category), asked)
    asked.check()
    return Sent(asked, category, answers, words)


def _answers(request: HttpRequest, asked: Asked, schema: Schema) -> dict[str, Any]:
    """What was answered, by the key of its question; all that is wrong with it is noted at once."""
    sorts = {question.key: Sort(question.sort) for question in schema}
    sent: dict[str, Any] = {}
    for name, values in request.POST.lists():
        found = ATTRIBUTE.fullmatch(name)
        if found is None or found["code"] not in sorts:
            continue
        filled = [str(value).strip() for value in values if str(value).strip()]
        sort = sorts[found["code"]]
        if sort == Sort.CHOICES:
            sent.setdefault(found["code"], []).extend(filled)
        elif filled:
            sent[found["code"]] = _day(filled[0]) if sort == Sort.DATE else filled[0]
    try:
        check_answers(schema, sent)
    except WrongAnswers as wrong:
        for refusal in wrong.all:
            asked.wrong(f"attribute[{refusal.field}]", refusal.message)
    return sent


def _day(said: str) -> str:
    """The day of a moment as a form keeps days; a day stays one, and what is neither is refused as such."""
    asked = Asked({"day": said})
    moment = asked.moment("day")
    return timezone.localtime(moment).date().isoformat() if moment else said


@transaction.atomic
def _raised(request: HttpRequest, client: Client, sent: Sent, files: list[File]) -> Matter:
    asked, now = sent.asked, timezone.now()
    first, last = asked.words("first_name"), asked.words("last_name")
    reporter = reporter_of(
        client.user,
        name=f"{first} {last}".strip() if f"{first}{last}".isascii() else f"{last}{first}",
        phone=asked.words("phone"),
        known_as=asked.words("account_id") or asked.words("device_id"),
    )
    report = Report(
        words=sent.words,
        category=sent.category,
        channel=CHANNEL,
        photos=files,
        on_behalf=True,
        raiser=reporter,
        answers=sent.answers,
        room=SAID_AT_MOST + URL_AT_MOST * 2,
        **spot_of(asked),
    )
    return raise_matter(KIND.key, By(client.user, now, client_id=_own_id(request, client)), report)


def _own_id(request: HttpRequest, client: Client) -> UUID | None:
    """Under which id the client sends it, if it says so (``Idempotency-Key``): once more is the same one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    return uuid5(client.pk, f"request {key[:KEY_AT_MOST]}") if key else None
