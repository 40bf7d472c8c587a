"""What signing in asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.lib.personal import read_phone
from silin.lib.refusal import Refused

EMPTY = {"required": _("Please fill this in.")}


class PhoneForm(forms.Form):
    """A mobile number, however it is typed; ``cleaned_data["phone"]`` has its 11 digits."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        error_messages=EMPTY,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "type": "tel"}),
    )

    def clean_phone(self) -> str:
        try:
            return read_phone(self.cleaned_data["phone"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


class CodeForm(forms.Form):
    """The six digits that came by text message."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=20,
        error_messages=EMPTY,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class CodeOfTheMomentForm(forms.Form):
    """The code that the app on the phone shows, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code of the moment"),
        help_text=_("Six digits from the app on your phone, or one of your recovery codes."),
        max_length=40,
        error_messages=EMPTY,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class UnlockForm(forms.Form):
    """What proves at a locked desk that it is still the same person."""

    secret = forms.CharField(
        label=_("Your password, or the code of the moment"),
        help_text=_("The code is the six digits that the app on your phone shows."),
        max_length=200,
        strip=False,
        error_messages=EMPTY,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenForm(forms.Form):
    """Whose password is forgotten; ``cleaned_data["who"]`` has 11 digits or an e-mail."""

    who = forms.CharField(
        label=_("E-mail or mobile number"),
        max_length=254,
        error_messages=EMPTY,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def clean_who(self) -> str:
        typed: str = self.cleaned_data["who"]
        try:
            return typed.strip() if "@" in typed else read_phone(typed)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


class ChosenPasswordForm(forms.Form):
    """The password from now on."""

    password_new = forms.CharField(
        label=_("New password"),
        help_text=_("At least ten characters, no word that many people use."),
        max_length=200,
        strip=False,
        error_messages=EMPTY,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordForm(ChosenPasswordForm):
    """The present password and the one from now on."""

    field_order = ("password_now", "password_new")

    password_now = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        error_messages=EMPTY,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """How staff sign in."""

    email = forms.CharField(
        label=_("E-mail or mobile number"),
        max_length=254,
        error_messages=EMPTY,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        error_messages=EMPTY,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
