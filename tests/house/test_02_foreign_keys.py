"""House test 2: foreign keys look down, as imports do."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.house.tree import may_know


def upward_keys(declared: Iterable[type[models.Model]]) -> list[str]:
    """Each relation that points at a sibling or upwards, as ``label.Model.field -> label.Model``."""
    found = []
    for model in declared:
        for field in model._meta.get_fields():
            other = field.related_model
            if field.auto_created or not isinstance(other, type):
                continue
            if not may_know(model._meta.app_label, other._meta.app_label):
                found.append(f"{model._meta.label}.{field.name} -> {other._meta.label}")
    return found


def test_foreign_keys_look_down() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("silin.")]
    assert len(ours) > 10
    assert upward_keys(ours) == []


@isolate_apps("silin.matters", "silin.places", "silin.facts", "silin.history", attr_name="house")
def test_breach() -> None:
    class Matter(models.Model):
        class Meta:
            app_label = "matters"

    class Entry(models.Model):
        class Meta:
            app_label = "history"

    class Place(models.Model):
        troubled_by = models.ForeignKey(Matter, on_delete=models.CASCADE)
        parent = models.ForeignKey("self", on_delete=models.CASCADE)

        class Meta:
            app_label = "places"

    class Fact(models.Model):
        entry = models.OneToOneField(Entry, on_delete=models.CASCADE)

        class Meta:
            app_label = "facts"

    assert upward_keys([Matter, Entry, Place, Fact]) == [
        "places.Place.troubled_by -> matters.Matter",
        "facts.Fact.entry -> history.Entry",
    ]
