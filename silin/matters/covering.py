"""What nobody else may read in somebody's words, covered for good; words at which a desk looks twice."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.masking import cover, find_personal, stars
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.matters.deeds import Deed, verb
from silin.matters.models import Matter, WatchedWord
from silin.matters.searching import search_of

COVERED = ("title", "words", "spot")
SHORTEST = 2


@verb("cover")
def cover_words(deed: Deed, also: str = "") -> None:
    """Put stars for good over numbers of phones, cards and plates in title, words and spot, and ``also``.

    Raises ``Refused``: ``not_there`` when ``also`` stands nowhere, ``nothing`` when nothing is to cover.
    """
    matter, piece = deed.matter, also.strip()
    before = [getattr(matter, name) for name in COVERED]
    if piece and (len(piece) < SHORTEST or not any(piece in text for text in before)):
        message = _("That does not stand in the report. Copy it as it is written there.")
        raise Refused("not_there", message, field="also")
    for name, text in zip(COVERED, before, strict=True):
        text = cover(text, find_personal(text))
        setattr(matter, name, text.replace(piece, stars(piece)) if piece else text)
    if [getattr(matter, name) for name in COVERED] == before:
        raise Refused("nothing", _("No number stands in it. Write what is to be covered."), field="also")
    matter.search = search_of(matter, *matter.tickets.values_list("number", flat=True))
    deed.move(deed.before)


def watched_in(matter: Matter) -> list[WatchedWord]:
    """The words of the list that stand in a report. They hold nothing back. No statement, mostly."""
    text = f"{matter.title} {matter.words} {matter.spot}".casefold()
    return [row for row in watched_words() if row.word.casefold() in text]


watched_words = Remembered(lambda: list(WatchedWord.objects.filter(active=True)))
"""The word list in use."""


def set_watched_word(
    row: WatchedWord, *, actor: User | None, now: datetime, seen: str | None = None
) -> WatchedWord:
    """Let a row of the word list be what ``row`` says, a new one too; ``seen`` as in ``write_row``."""
    write_row(row, "watched_word", actor=actor, now=now, seen=seen)
    watched_words.forget()
    return row
