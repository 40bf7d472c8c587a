"""Signing (审签): where an organisation asks for it, its head signs before an answer of its posts leaves.

The matter stays in hand and its clock goes on; the answer that waits is the last ``submit`` of its history.
"""

from __future__ import annotations

from collections.abc import Sequence

from silin.files.models import File
from silin.history.models import Entry
from silin.matters import handling
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import Matter, Outcome, Photo, State
from silin.matters.signed import signing_head


def report_done(
    matter: Matter,
    by: By,
    *,
    outcome: str = Outcome.FIXED,
    before: Sequence[File] = (),
    after: Sequence[File] = (),
) -> Matter:
    """Answer; where a head has to sign it first, send it there. Raises as ``handling.answer``."""
    asks = by.actor is not None and signing_head(matter, by.actor, by.now) is not None
    return (submit if asks else handling.answer)(matter, by, outcome=outcome, before=before, after=after)


@verb("submit")
def submit(
    deed: Deed, outcome: str = Outcome.FIXED, before: Sequence[File] = (), after: Sequence[File] = ()
) -> None:
    """Send the answer to be signed (送审); only staff read it until then. Raises as ``handling.answer``."""
    matter = deed.matter
    assert deed.actor is not None
    handling.may_answer(deed, outcome, after)
    if hook := matter.declared.may.get("answer"):
        hook(deed)
    matter.signer = signing_head(matter, deed.actor, deed.now)
    deed.fields = {"outcome": outcome, "photos": len(before) + len(after)}
    handling.keep_photos(deed, before, after, unsigned=True)
    deed.move(State.IN_HAND)
    deed.tell_post(matter.signer, "matter_to_sign")


@verb("sign")
def sign(deed: Deed) -> None:
    """Sign it: the answer leaves as it was written, by whoever wrote it. Raises as ``handling.answer``."""
    matter = deed.matter
    waiting = Entry.objects.filter(subject=matter.subject, action="submit").order_by("-seq")
    draft = waiting.select_related("actor", "words")[0]
    outcome = draft.fields["outcome"]
    deed.words = draft.words.text if hasattr(draft, "words") else ""
    deed.post, matter.signer = matter.signer, None
    handling.may_answer(deed, outcome, matter.photos.filter(stage=Photo.Stage.AFTER, at=draft.at))
    matter.photos.filter(at=draft.at, unsigned=True).update(at=deed.now, unsigned=False)
    deed.fields = dict(draft.fields)
    handling.finish_answer(deed, draft.actor, outcome)
    deed.tell_post(matter.holder, "matter_signed")
    if hook := matter.declared.on.get("answer"):
        hook(deed)


@verb("send_back")
def send_back(deed: Deed) -> None:
    """Do not sign it: back to whoever wrote it, with words on what is not right."""
    deed.post, deed.matter.signer = deed.matter.signer, None
    deed.move(State.IN_HAND)
    deed.tell_post(deed.matter.holder, "matter_sent_back")
