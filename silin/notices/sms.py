"""What the carrier calls our texts: rows, for carriers that send nothing but texts they have approved."""

from __future__ import annotations

from collections.abc import Mapping

from silin.lib.sending import CarrierTemplate
from silin.notices.models import SmsTemplate


def carrier_template(name: str, params: Mapping[str, object]) -> CarrierTemplate:
    """The carrier's number and values for the text called ``name``; empty where no row says one."""
    row = SmsTemplate.objects.filter(pk=name).first()
    if row is None:
        return CarrierTemplate()
    return CarrierTemplate(row.number, {blank: str(params.get(blank, "")) for blank in row.blanks.split()})
