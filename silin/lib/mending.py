"""Bringing what was refused back to the form it came from."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import QueryDict

from silin.lib.refusal import Refused


def mend(form: BaseForm, refusal: Refused) -> None:
    """Show the refusal at the field it names, or on top where the (bound) form has no such field."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, ValidationError(str(refusal.message), code=refusal.code))


def set_values(form: BaseForm, **values: str) -> None:
    """Let a form that was sent hold other values where it is shown again."""
    assert isinstance(form.data, QueryDict)
    sent = form.data.copy()
    for name, value in values.items():
        sent[name] = value
    form.data = sent
