"""Reading the book of deeds, and looking whether anybody tampered with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silin.history.models import Entry, Seal
from silin.history.sealing import count

PAGE = 2000


@dataclass(frozen=True)
class Broken:
    """The first line of a subject that does not hold (``seal:<day>`` and 0 for a seal), and why, in words."""

    subject: str
    seq: int
    why: str


def of(subject: str) -> QuerySet[Entry]:
    """The lines of one subject, newest first, with their words and actors in the same query."""
    return Entry.objects.filter(subject=subject).select_related("words", "actor").order_by("-seq")


def check(subject: str | None = None, *, at_most: int = 100) -> list[Broken]:
    """The first broken line of each subject, and without ``subject`` the broken seals too.

    Walks the book in pages, so its memory does not grow with it; stops after ``at_most`` findings of each
    sort. A cut end shows only where a seal covers it.
    """
    broken = list(islice(_broken_chains(subject), at_most))
    if subject is None:
        broken += islice(_broken_seals(), at_most)
    return broken


def _broken_chains(subject: str | None) -> Iterator[Broken]:
    for _subject, chain in groupby(_lines(subject), key=lambda entry: entry.subject):
        if found := _first_break(chain):
            yield found


def _lines(subject: str | None) -> Iterator[Entry]:
    """Every line in the order of subject and seq, page by page: no long cursor, no long transaction."""
    lines = Entry.objects.select_related("words").order_by("subject", "seq")
    if subject is not None:
        lines = lines.filter(subject=subject)
    at, seq = "", 0
    while page := list(lines.filter(Q(subject__gt=at) | Q(subject=at, seq__gt=seq), subject__gte=at)[:PAGE]):
        yield from page
        at, seq = page[-1].subject, page[-1].seq


def _first_break(chain: Iterable[Entry]) -> Broken | None:
    prev_hash = ""
    for seq, entry in enumerate(chain, start=1):
        if entry.seq != seq:
            return Broken(entry.subject, seq, _("The line is missing."))
        if why := _why(entry, prev_hash):
            return Broken(entry.subject, seq, why)
        prev_hash = entry.hash
    return None


def _why(entry: Entry, prev_hash: str) -> str:
    if entry.hash != entry.own_hash():
        return _("The line was changed after it was written.")
    if entry.prev_hash != prev_hash:
        return _("The line does not follow the one before it: one of the two was exchanged.")
    if hasattr(entry, "words") and entry.words.own_hash() != entry.words_hash:
        return _("The words of the line were changed after they were written.")
    return ""


def _broken_seals() -> Iterator[Broken]:
    after, prev_digest = 0, ""
    for seal in Seal.objects.order_by("id").iterator():
        if why := _why_seal(seal, after, prev_digest):
            yield Broken(f"seal:{seal.day}", 0, why)
        after, prev_digest = seal.up_to, seal.digest


def _why_seal(seal: Seal, after: int, prev_digest: str) -> str:
    if seal.prev_digest != prev_digest:
        return _("The seal does not follow the one before it: one of the two was changed or removed.")
    counted = count(seal, after)
    if counted.entries != seal.entries:
        return _("The seal covers %(sealed)s lines, but %(found)s are there.") % {
            "sealed": seal.entries,
            "found": counted.entries,
        }
    if (counted.heads, counted.digest) != (seal.heads, seal.digest):
        return _("The seal does not fit the lines it covers: it or one of them was changed.")
    return ""
