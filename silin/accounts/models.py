"""Who signs in. What somebody may do is the business of ``people``."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.ids import new_id
from silin.lib.personal import (
    CONSENT,
    THE_PERSON,
    Held,
    PersonalCharField,
    PersonalEmailField,
    PersonalPlainField,
    phone_hash,
    read_phone,
)
from silin.lib.refusal import Refused
from silin.lib.search import Searched, SearchedQuerySet, SearchKey, hashed, key_index, person_keys


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> SearchedQuerySet[User]:
        """Accounts whose search keys follow their names."""
        return SearchedQuerySet(self.model, using=self._db)

    def by_phone(self, phone: str) -> User | None:
        """The account of a mobile number, or None."""
        return self.filter(phone_hash=phone_hash(phone)).first()

    def plain_name(self, typed: str) -> str:
        """What somebody signs in under, however it was typed: 11 digits, or an e-mail in small letters."""
        try:
            return read_phone(typed)
        except Refused:
            return typed.strip().casefold()

    def get_by_natural_key(self, username: str | None) -> User:
        """Django's question at a sign-in by password: by e-mail, or by mobile number."""
        plain = self.plain_name(username or "")
        user = self.by_phone(plain) if plain.isdecimal() else self.filter(email__iexact=plain).first()
        if user is None:
            raise self.model.DoesNotExist
        return user

    def guest(self) -> User:
        """An account of somebody who has said nothing about themselves yet."""
        return self.create(name="", is_guest=True)


class User(Searched, AbstractBaseUser):
    """One person who signs in: by e-mail and password, by phone and code, or as a guest of this browser.

    ``is_system`` marks the account of a ``Client``: nobody signs in to it, and it counts as nobody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = PersonalPlainField(
        title=_("What you are called"),
        purpose=gettext_noop("how whoever handles your matters calls you"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=0,
        max_length=60,
        blank=True,
    )
    email = PersonalEmailField(
        title=_("E-mail"),
        purpose=gettext_noop("sign-in and messages"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=0,
        unique=True,
        null=True,
        blank=True,
    )
    phone = PersonalCharField(
        title=_("Mobile number"),
        purpose=gettext_noop("sign-in and call-back"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=0,
        beside={"phone_hash": None},
        blank=True,
        default="",
    )
    phone_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    language = models.CharField(max_length=10, default="zh-hans")
    large_type = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_guest = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    awaits_second_factor = False  # set on whoever comes with a session that has only shown one factor

    held = Held(
        title=_("Your account"),
        about="pk",
        stays=_("An empty account, so that the book of deeds keeps its order."),
    )
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or str(_("a resident"))

    def search_words(self) -> set[str]:
        """The keys under which the person is found, readable to nobody."""
        return hashed(person_keys(self.name))

    def set_phone(self, phone: str) -> None:
        """Give the account a (checked, 11-digit) mobile number; it stops being a guest's."""
        self.phone, self.phone_hash, self.is_guest = phone, phone_hash(phone), False

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's check of every session: one from before ``sessions_ended`` rose is no longer good."""
        salt = "silin.accounts.models.User.session"
        said = f"{self.password} {self.sessions_ended}"
        return salted_hmac(salt, said, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether any authentication back end grants ``perm`` on ``obj`` (Django's own question)."""
        if not self.is_active:
            return False
        backends = (each for each in auth.get_backends() if hasattr(each, "has_perm"))
        return any(backend.has_perm(self, perm, obj) for backend in backends)


class UserKey(SearchKey):
    """A key of an account's name, under the keyed hash."""

    row = models.ForeignKey(User, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("accounts_user_key")]


class Session(models.Model):
    """One device on which somebody is signed in, beside Django's own row of the same key.

    ``network`` is the front part of the network address, enough to tell home from abroad.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=45, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    held = Held(
        title=_("Where you are signed in"),
        about="user",
        whole=True,
        purpose=gettext_noop("seeing and ending what somebody else does in your name"),
        basis=CONSENT,
        owner=THE_PERSON,
    )

    def __str__(self) -> str:
        return f"{self.device} {self.network}".strip()


class SecondFactor(models.Model):
    """The secret that a person's phone and we share (RFC 6238); in force once a code from it was typed.

    ``last_step`` is the half minute of the last code that was taken: neither it nor an earlier one works
    again.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = PersonalCharField(
        title=_("The secret of your second factor"),
        shown=False,
        purpose=gettext_noop("knowing that it is you"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=0,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    held = Held(title=_("Second factor"), about="user", whole=True)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class OneTimeToken(models.Model):
    """A secret that works once: a sign-in code, the link to a review. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=30)
    subject = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject"], name="accounts_token_subject")]


class Attempt(models.Model):
    """How often something was tried within one window of time: lock-out and rate limits of all workers."""

    key = models.CharField(max_length=120)
    window = models.BigIntegerField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="accounts_attempt_once")]


class Client(models.Model):
    """A system that comes in with a key: the account in whose name it acts, and how far the key goes.

    Of the key only the keyed hash is kept, and the last four signs to tell it from others. ``scopes`` narrow
    what the posts of the account allow, never widen it. ``valid_until`` is the first day on which the key no
    longer works.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="client")
    key_hash = models.CharField(max_length=64, unique=True)
    last_four = models.CharField(max_length=4)
    scopes = models.JSONField(default=list)
    per_minute = models.PositiveIntegerField()
    valid_until = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"client:{self.pk}"

    def may(self, scope: str) -> bool:
        """Whether the key goes as far as ``scope``."""
        return scope in self.scopes
