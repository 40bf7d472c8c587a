"""What the carrier calls our texts: rows, for carriers that send nothing but texts they have approved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template.utils import get_app_template_dirs
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from silin.accounts.actions import code_words
from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.lib.sending import CarrierTemplate, send_sms
from silin.lib.text import listed
from silin.notices.choosing import is_required
from silin.notices.kinds import Blank, kind_of
from silin.notices.models import Notice, SmsTemplate
from silin.notices.sending import DIGEST, full_link, how_many, in_lines

SIGN_IN_CODE = "sign_in_code"
CODE = Blank("code", _("the code that lets them in"), "123456")
COUNT = Blank("count", _("how many messages there are"), "3")
BETWEEN = re.compile(r"[\s,;，；、]+")
AROUND = "${}[]【】〔〕"


@dataclass(frozen=True)
class Text:
    """One of our texts as whoever sets it up reads it: with its blanks, and filled with an example."""

    name: str
    blanks: Sequence[Blank]
    words: str
    example: str

    def values(self, blanks: str) -> list[tuple[str, str]]:
        """What goes to the carrier for these blanks in their order; of one that is none, nothing."""
        known = {blank.name: str(blank.example) for blank in self.blanks}
        return [(name, known.get(name, "")) for name in blanks.split()]


def carrier_template(name: str, params: Mapping[str, object]) -> CarrierTemplate:
    """The carrier's number and values for the text called ``name``; empty where no row says one."""
    row = SmsTemplate.objects.filter(pk=name).first()
    if row is None:
        return CarrierTemplate()
    return CarrierTemplate(row.number, {blank: str(params.get(blank, "")) for blank in row.blanks.split()})


def sms_names() -> list[str]:
    """What a text can be called: every notice of every room, many in one, and the code of signing in."""
    folders = (Path(each) / "notices" for each in get_app_template_dirs("templates"))
    return sorted({SIGN_IN_CODE, DIGEST, *(path.stem for folder in folders for path in folder.glob("*.txt"))})


def text_of(name: str) -> Text:
    """The text called ``name`` (one of ``sms_names``) in the language at hand."""
    blanks = blanks_of(name)
    words = _said(name, {blank.name: _gap(blank) for blank in blanks})
    return Text(name, blanks, words, _said(name, {blank.name: str(blank.example) for blank in blanks}))


def blanks_of(name: str) -> list[Blank]:
    """What the text called ``name`` may carry: what its words say, where to read on, where to stop it."""
    link = Blank("link", _("where they read on"), full_link("/notices/"))
    if name == SIGN_IN_CODE:
        return [CODE]
    if name == DIGEST:
        return [COUNT, link]
    kind = kind_of(name)
    words = _said(name, {blank.name: _gap(blank) for blank in kind.blanks})
    own = [blank for blank in kind.blanks if blank.unsaid or _gap(blank) in words]
    stop = Blank("stop", _("where they stop such messages"), full_link("/me/notices/"))
    return [*own, link, *([] if is_required(name) else [stop])]


def plain_blanks(name: str, typed: str) -> str:
    """The names of blanks as they are kept, from how they were typed: commas, ``${title}``.

    Raises ``Refused`` (``unknown_blank``): the text called ``name`` does not know it.
    """
    said = [each.strip(AROUND) for each in BETWEEN.split(typed)]
    names, known = list(filter(None, said)), [blank.name for blank in blanks_of(name)]
    if wrong := [each for each in names if each not in known]:
        words = {"wrong": listed(wrong), "known": listed(known)}
        message = _("This message has no blank called %(wrong)s. It has: %(known)s.")
        raise Refused("unknown_blank", message % words, field="blanks")
    return " ".join(names)


def send_example(name: str, to: User) -> None:
    """Send the text called ``name``, filled with an example, as it would go out. Raises as the transport."""
    with override(to.language):
        text = text_of(name)
        values = {blank.name: str(blank.example) for blank in text.blanks}
    send_sms(to.phone, text.example, name=name, params=values)


def _gap(blank: Blank) -> str:
    return f"〔{blank.name}〕"


def _said(name: str, values: Mapping[str, str]) -> str:
    link = values.get("link", "")
    if name == SIGN_IN_CODE:
        return code_words(values["code"])
    if name == DIGEST:
        return in_lines(how_many(int(str(COUNT.example)), values["count"]), link)
    words = Notice(name=name, params=dict(values)).render(get_language() or "")
    return in_lines(words.subject, words.body, link)
