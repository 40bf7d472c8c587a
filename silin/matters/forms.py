"""What the forms of staff pages share: photos that arrive once, words, choices, and being told why not.

The engine says what is wrong; a form only carries its words back to the field they belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django import forms
from django.core import signing
from django.db.models import Choices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.files.actions import keep_image
from silin.files.models import File
from silin.lib.mending import set_values
from silin.lib.refusal import Changed, NotFound, Refused, Words
from silin.matters.deeds import By
from silin.matters.models import Category, Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PHOTOS_AT_MOST = 6
KEPT = "silin.matters.kept"
KEPT_SECONDS = 24 * 3600
EMPTY = _("Please write something here.")
CHOOSE = _("Please choose one.")
GRADES = (
    (5, _("very satisfied")),
    (4, _("satisfied")),
    (3, _("fairly satisfied")),
    (2, _("dissatisfied")),
    (1, _("very dissatisfied")),
)
"""The five grades of GB/T 39734, the best first."""


class PhotosInput(forms.FileInput):
    """Several photos at once; those that arrived with an earlier try come back as signed names."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[Any], list[str]]:
        return files.getlist(name), data.getlist(f"{name}_kept")


class PhotosField(forms.Field):
    """Photos, kept at once: what has arrived need not be chosen again when something else is missing."""

    widget = PhotosInput

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=PhotosInput(attrs={"multiple": True, "data-max": PHOTOS_AT_MOST}), **options)
        self.files: list[File] = []

    def clean(self, value: tuple[list[Any], list[str]]) -> list[File]:
        """The kept files, earlier ones first. What cannot be kept is said at the field."""
        uploads, tokens = value
        self.files = _arrived(tokens)
        for upload in uploads:
            if len(self.files) == PHOTOS_AT_MOST:
                message = _("Six photos are enough; the others were left out.")
                raise forms.ValidationError(message, code="too_many")
            try:
                file = keep_image(upload)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal
            if file not in self.files:
                self.files.append(file)
        return self.files

    @property
    def tokens(self) -> list[str]:
        """The signed names of the files that have arrived, for hidden inputs."""
        return [signing.dumps(file.pk, salt=KEPT) for file in self.files]

    @property
    def arrived_words(self) -> str:
        """How many need not be chosen again."""
        n = len(self.files)
        return ngettext("%(n)d photo has arrived already.", "%(n)d photos have arrived already.", n) % {
            "n": n
        }


def _arrived(tokens: Iterable[str]) -> list[File]:
    names = []
    for token in tokens:
        try:
            names.append(signing.loads(token, salt=KEPT, max_age=KEPT_SECONDS))
        except signing.BadSignature:
            continue
    return list(File.objects.filter(pk__in=names)) if names else []


def words_field(
    label: StrOrPromise, hint: StrOrPromise = "", *, required: bool = True, rows: int = 3
) -> forms.CharField:
    """Room for somebody's words; how many they may be is the engine's business."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": EMPTY},
    )


def choice_field(
    label: StrOrPromise, choices: Iterable[tuple[Any, Any]], *, required: bool = True, radio: bool = True
) -> forms.ChoiceField:
    """One of a few, as buttons (``radio``) or as a list."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        required=required,
        widget=forms.RadioSelect() if radio else forms.Select(),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )


def labelled(choices: Iterable[Choices]) -> list[tuple[Any, Any]]:
    """Some members of a closed set, as choices."""
    return [(each.value, each.label) for each in choices]


def category_choices(leaves: Sequence[Category], blank: StrOrPromise = "") -> list[tuple[Any, Any]]:
    """The categories under their groups, for a list; ``blank`` stands first where nothing is chosen yet."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in leaves:
        groups.setdefault(str(each.parent), []).append((each.pk, str(each)))
    first: list[tuple[Any, Any]] = [("", blank)] if blank else []
    return [*first, *groups.items()]


class SentForm(forms.Form):
    """Any form of a staff page: it has its own id, so that sending it twice does its work once."""

    use_required_attribute = False
    client_id = forms.UUIDField(widget=forms.HiddenInput())
    do: ClassVar[str] = ""
    fields_of_engine: ClassVar[Mapping[str, str]] = {}

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        options["initial"] = {"client_id": uuid4(), **options.get("initial", {})}
        super().__init__(data, files, auto_id=f"{self.do}_%s", **options)
        self.refusal: Refused | None = None

    def try_to(self, act: Callable[[], Matter]) -> Matter | None:
        """What ``act`` gives; None when something is missing or was refused, which the form then says.

        Raises ``NotFound``: a stranger learns nothing.
        """
        if not self.is_valid():
            self.refusal = self._first_refusal()
            return None
        try:
            return act()
        except NotFound as refusal:
            if not refusal.field:
                raise
            self.say(refusal)
        except Refused as refusal:
            self.say(refusal)
        return None

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return self.refusal.status if self.refusal else 200

    def say(self, refusal: Refused) -> None:
        """Tell why not, at the field it is about."""
        self.refusal = refusal
        name = self.fields_of_engine.get(refusal.field, refusal.field)
        self.add_error(name if name in self.fields else None, str(refusal.message))

    def _first_refusal(self) -> Refused:
        name, errors = next(iter(self.errors.as_data().items()))
        code = {"required": "missing"}.get(errors[0].code or "", errors[0].code or "bad_form")
        return Refused(code, errors[0].messages[0], field=name)


class ActForm(SentForm):
    """One action on one matter, as its version stood when the page was shown."""

    verb: ClassVar[Callable[..., Matter]]
    title: ClassVar[Words]
    button: ClassVar[Words]
    thanks: ClassVar[Words] = ""
    version = forms.IntegerField(widget=forms.HiddenInput())
    via = sent = ""

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        options["initial"] = {"version": matter.version, **options.get("initial", {})}
        super().__init__(data, files, **options)
        said = str(self.data.get("version", ""))
        self.seen_version = int(said) if said.isdecimal() else matter.version

    def submit(self, matter: Matter, user: User, now: datetime) -> Matter | None:
        """Do it; None when the form now says why not. Raises ``NotFound``."""
        if not self.is_valid() and self.data.get("version") != str(matter.version):
            self.say(Changed())
            return None
        return self.try_to(lambda: self.verb(matter, self.by(user, now), **self.said()))

    def by(self, user: User, now: datetime) -> By:
        """Who acts, when, on which version and under which id."""
        sent = self.cleaned_data
        words = sent.get("words", "")
        said = {"version": sent["version"], "client_id": sent["client_id"], "words": words}
        return By(user, now, **said, via=self.via, sent=self.sent)

    def said(self) -> dict[str, Any]:
        """What the verb needs beside the words."""
        return {}

    def look_again(self, matter: Matter) -> None:
        """After a change by somebody else: what was typed stays, and counts on what is shown now."""
        set_values(self, version=str(matter.version))

    @property
    def changed(self) -> bool:
        """Whether somebody acted since this form was shown."""
        return isinstance(self.refusal, Changed)


def set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Give a choice of ``form`` what there is to choose from."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
