"""Privacy: what says something about a person says why it is there, and facts say nothing of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from silin.lib.personal import Held, Personal, PersonalCharField

TELLING = re.compile(
    r"phone|mobile|id_number|id_card|passport|birth|home_address|bank|licence_plate|face|finger"
)
NOT_A_PERSON = {
    "accounts.User.phone_hash": "a keyed hash by which a number is found; it cannot be read back",
    "places.Facility.telephone": "the public number of a shop or an office",
    "people.Person.phone_hash": "the same",
    "people.Person.phone_tail": "a keyed hash of the last four digits",
    "people.Post.telephone": "the public number of a post, whoever answers it today",
    "people.Organisation.telephone": "the public number of an office or a company",
}
FORBIDDEN = re.compile(
    r"religion|belief|faith|petition|suspect|biometric|face_|fingerprint|nation(ality)?$|score"
)


def careless(declared: Iterable[type[models.Model]]) -> list[str]:
    """Fields that hold personal data without a reason, or data that Silin does not keep at all."""
    found = []
    for model in declared:
        for field in model._meta.get_fields():
            name = f"{model._meta.label}.{field.name}"
            if isinstance(field, Personal):
                if not (field.purpose and field.basis and field.owner and field.keep_days >= 0):
                    found.append(f"{name}: purpose, basis, owner and end have to be said")
                if not isinstance(getattr(model, "held", None), Held):
                    found.append(f"{name}: the model has to say with held whose its rows are")
            elif TELLING.search(field.name) and name not in NOT_A_PERSON:
                found.append(f"{name}: is this about a person? then it is a PersonalCharField")
            if FORBIDDEN.search(field.name):
                found.append(f"{name}: Silin does not keep this")
    return found


def people_in(model: type[models.Model]) -> list[str]:
    """The fields of a model that lead to a person."""
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field.related_model, type)
        and field.related_model._meta.app_label in ("accounts", "people")
    ]


def test_personal_fields_say_why() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("silin.")]
    personal = [field for model in ours for field in model._meta.fields if isinstance(field, Personal)]
    assert personal
    assert careless(ours) == []


def test_facts_lead_to_nobody() -> None:
    assert people_in(apps.get_model("facts", "Fact")) == []


@isolate_apps("silin.people", "silin.accounts", attr_name="house")
def test_breach() -> None:
    class User(models.Model):
        religion = models.CharField(max_length=9)

        class Meta:
            app_label = "accounts"

    class Visitor(models.Model):
        phone = models.CharField(max_length=11)
        remark = PersonalCharField(purpose="", basis="consent", owner="the desk", keep_days=30)
        user = models.ForeignKey(User, on_delete=models.CASCADE)

        class Meta:
            app_label = "people"

    assert careless([User, Visitor]) == [
        "accounts.User.religion: Silin does not keep this",
        "people.Visitor.phone: is this about a person? then it is a PersonalCharField",
        "people.Visitor.remark: purpose, basis, owner and end have to be said",
        "people.Visitor.remark: the model has to say with held whose its rows are",
    ]
    assert people_in(Visitor) == ["user"]
