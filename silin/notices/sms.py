"""What the carrier calls our texts: rows, for carriers that send nothing but texts they have approved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.template.utils import get_app_template_dirs

from silin.lib.sending import CarrierTemplate
from silin.notices.models import SmsTemplate

SIGN_IN_CODE = "sign_in_code"


def carrier_template(name: str, params: Mapping[str, object]) -> CarrierTemplate:
    """The carrier's number and values for the text called ``name``; empty where no row says one."""
    row = SmsTemplate.objects.filter(pk=name).first()
    if row is None:
        return CarrierTemplate()
    return CarrierTemplate(row.number, {blank: str(params.get(blank, "")) for blank in row.blanks.split()})


def sms_names() -> list[str]:
    """What a text can be called: every notice of every room, and the code of signing in."""
    folders = (Path(each) / "notices" for each in get_app_template_dirs("templates"))
    return sorted({SIGN_IN_CODE, *(path.stem for folder in folders for path in folder.glob("*.txt"))})
