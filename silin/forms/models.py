"""A form and its versions. A version never changes: what was answered to it can always be read."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models

from silin.forms.schema import Schema, read_schema


class Form(models.Model):
    """A list of questions that somebody keeps; ``code`` says for what, like ``category.street_light``."""

    code = models.CharField(max_length=60, primary_key=True)

    objects: ClassVar[models.Manager[Form]] = models.Manager()

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """Its name in the books."""
        return f"form:{self.pk}"


class FormVersion(models.Model):
    """What a form asked from a moment on. Rows of JSON as ``schema.read_schema`` reads them."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[FormVersion]] = models.Manager()

    class Meta:
        ordering = ["form", "number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="forms_one_number")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"

    @cached_property
    def schema(self) -> Schema:
        """Its questions."""
        return read_schema(self.questions)
