"""Writing a new version of a form."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from silin.accounts.models import User
from silin.forms.models import Form, FormVersion
from silin.forms.schema import Schema, as_rows
from silin.history.actions import record


@transaction.atomic
def write_form(code: str, schema: Schema, *, actor: User | None, now: datetime) -> FormVersion:
    """The version of the form ``code`` that asks ``schema``: the last one where it does so already.

    Two at once come one after the other: each of them gets the version that asks what they wrote.
    """
    Form.objects.get_or_create(code=code)
    form = Form.objects.select_for_update().get(code=code)
    last = FormVersion.objects.filter(form=form).order_by("-number").first()
    rows = as_rows(schema)
    if last is not None and last.questions == rows:
        return last
    number = last.number + 1 if last else 1
    version = FormVersion.objects.create(form=form, number=number, questions=rows, made_at=now, made_by=actor)
    fields = {"number": number, "keys": [each.key for each in schema]}
    record(subject=form.subject, action="change" if last else "add", actor=actor, now=now, fields=fields)
    return version
