"""A department's system reports how far it is: each status is a named action of the engine, by its post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.accounts.models import Client
from silin.files.models import File
from silin.fronts.open.open311.asking import SAID_AT_MOST, Asked, check_jurisdiction
from silin.fronts.open.open311.door import Said, client_of
from silin.fronts.open.open311.media import pictures_of, with_address
from silin.lib.ids import read_number
from silin.lib.refusal import NotFound, Refused
from silin.matters import handling, signing, triage, whistling
from silin.matters.deeds import By
from silin.matters.models import Matter, Outcome, Pause
from silin.matters.table import allowed
from silin.receipts import actions as receipts

ID_AT_MOST = 200
Does = Callable[[Matter, By, list[File]], Matter]
ACTS: dict[str, Does] = {
    "report_in": lambda matter, by, photos: whistling.report_in(matter, by),
    "accept": lambda matter, by, photos: handling.accept(matter, by),
    "take_part": lambda matter, by, photos: whistling.take_part(matter, by),
    "resume": lambda matter, by, photos: handling.resume(matter, by),
    "comment": lambda matter, by, photos: triage.comment(matter, by),
    "pause": lambda matter, by, photos: handling.pause(matter, by, reason=Pause.Reason.DATE),
    "finish": lambda matter, by, photos: whistling.finish(matter, by, after=photos),
    "return": lambda matter, by, photos: handling.give_back(matter, by, other_reason=True),
    "step_back": lambda matter, by, photos: whistling.step_back(matter, by, other_reason=True),
    "answer": lambda matter, by, photos: signing.report_done(matter, by, after=photos),
    "no_use": lambda matter, by, photos: signing.report_done(
        matter, by, outcome=Outcome.NOT_FEASIBLE, after=photos
    ),
}
BY_TABLE = {"no_use": ("answer", "submit"), "answer": ("answer", "submit")}
"""Which rows of the table of actions allow it, where they are called otherwise."""


@dataclass(frozen=True)
class Way:
    """What a status means: ``first`` is done before, where it may be; then the first of ``then`` that may."""

    then: tuple[str, ...]
    first: tuple[str, ...] = ()


_COME, _BACK = ("report_in",), Way(("step_back", "return"))
_TAKEN = ("report_in", "accept", "take_part", "resume")
WAYS: dict[str, Way] = {
    "open": Way(("comment",)),
    "investigating": Way(("report_in", "comment")),
    "in_progress": Way(("accept", "take_part", "resume", "comment"), _COME),
    "action_scheduled": Way(("comment",), ("report_in", "accept", "take_part")),
    "planned": Way(("pause",), ("report_in", "accept")),
    "fixed": Way(("finish", "answer"), _TAKEN),
    "closed": Way(("finish", "answer"), _TAKEN),
    "no_further_action": Way(("no_use",), _TAKEN),
    "not_councils_responsibility": _BACK,
    "internal_referral": _BACK,
    "for_triage": _BACK,
}


def reported(request: HttpRequest) -> Said:
    """What the system said is done, once for each ``update_id``. Raises ``Refused`` and ``Faults``."""
    client = client_of(request, "act")
    asked = Asked(request.POST)
    check_jurisdiction(asked.words("jurisdiction_id"), request)
    words = _looked_over(asked)
    with pictures_of(request) as photos:
        told = _done(client, asked, words, photos)
    return "service_request_updates", [told]


def _looked_over(asked: Asked) -> str:
    for name in ("service_request_id", "update_id", "status"):
        if not asked.words(name):
            asked.wrong(name, gettext_lazy("This is needed."))
    if len(asked.words("update_id")) > ID_AT_MOST:
        asked.wrong("update_id", format_lazy(gettext_lazy("{n} characters at most."), n=ID_AT_MOST))
    status = asked.words("status").lower()
    if status and status not in WAYS:
        message = gettext_lazy("A department does not report that. It may say: {known}.")
        asked.wrong("status", format_lazy(message, known=", ".join(WAYS)))
    asked.moment("updated_datetime")
    words = with_address(asked.words("description"), asked).strip()
    if len(words) > SAID_AT_MOST:
        asked.wrong("description", format_lazy(gettext_lazy("{n} characters at most."), n=SAID_AT_MOST))
    asked.check()
    return words


@transaction.atomic
def _done(client: Client, asked: Asked, words: str, photos: list[File]) -> dict[str, Any]:
    matter, now = _fetch(client, asked.words("service_request_id")), timezone.now()
    update_id, status = asked.words("update_id"), asked.words("status").lower()
    answer = {"update_id": update_id, "service_request_id": matter.number}
    given = receipts.give(
        uuid5(client.pk, f"update {matter.pk} {update_id}"),
        actor=client.user,
        action="open311_update",
        payload={"status": status, "words": words, "photos": sorted(file.pk for file in photos)},
        answer=answer,
        now=now,
    )
    if given is answer:
        _go(matter, WAYS[status], By(client.user, now, words=words), photos, status)
    return given


def _fetch(client: Client, said: str) -> Matter:
    """The matter that lies or lay in the hands of the department. Raises ``NotFound``."""
    rows = Matter.objects.seen_by(client.user).with_hands()
    try:
        found = rows.filter(number=read_number(said)).first()
    except Refused:
        found = None
    if found is None:
        raise NotFound(_("service_request_id: there is no such request."))
    return found


def _go(matter: Matter, way: Way, by: By, photos: list[File], status: str) -> None:
    """The deeds that the status means as the matter stands now; the words go with the last of them."""
    last = ""
    for name in way.first:
        if name in way.then or not _may(matter, by, name):
            continue
        matter, last = ACTS[name](matter, replace(by, words=""), []), name
    last = next((name for name in way.then if _may(matter, by, name)), "")
    if not last:
        message = _("status: it is “%(state)s” now and cannot become “%(status)s”. You may say: %(may)s.")
        may = ", ".join(_possible(matter, by))
        words = {"state": matter.get_state_display(), "status": status, "may": may}
        raise Refused("not_now", message % words, status=409)
    ACTS[last](matter, by, photos)


def _may(matter: Matter, by: By, name: str) -> bool:
    assert by.actor is not None
    rows = allowed(matter, by.actor, by.now)
    return any(each in rows for each in BY_TABLE.get(name, (name,)))


def _possible(matter: Matter, by: By) -> list[str]:
    """The statuses that the table of actions allows now."""
    ways = ((status, (*way.first, *way.then)) for status, way in WAYS.items())
    return [status for status, names in ways if any(_may(matter, by, name) for name in names)]
