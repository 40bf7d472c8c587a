"""Every setting of Silin. What an operator may choose is read by ``silin.environment``; the city's own
numbers (deadlines, colours, thresholds) are rows, not settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from silin import environment, logs

ENVIRONMENT = environment.read(os.environ)

BASE_DIR = Path(__file__).resolve().parent
SILIN_HOME = ENVIRONMENT.home
SILIN_DATA_KEYS = ENVIRONMENT.data_keys
SILIN_DATA_KEY_FILE = ENVIRONMENT.data_key_file
SILIN_FRONTS = ENVIRONMENT.fronts
SILIN_DEMO = ENVIRONMENT.demo
SILIN_DEMO_API_KEY = ENVIRONMENT.text("SILIN_DEMO_API_KEY")
SILIN_TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SILIN_METRICS_TOKEN = ENVIRONMENT.text("SILIN_METRICS_TOKEN")
SILIN_METRICS_FROM = ENVIRONMENT.metrics_from
SILIN_SMS_BACKEND = ENVIRONMENT.sms_backend
SILIN_BASE_MAP = ENVIRONMENT.base_map
SILIN_BASE_MAP_KEY = ENVIRONMENT.text("SILIN_BASE_MAP_KEY")
SILIN_BASE_MAP_SOURCE = ENVIRONMENT.text("SILIN_BASE_MAP_SOURCE")
SILIN_MAP_APPROVAL = ENVIRONMENT.text("SILIN_MAP_APPROVAL")
SILIN_SMS = ENVIRONMENT.sms
SMS_TEMPLATES = "silin.notices.sms.carrier_template"
QUIET_HOURS = "silin.people.quiet.quiet_until"
GATHER_MINUTES = "silin.people.quiet.gather_minutes"
NOTICE_KINDS = [
    "silin.matters.notice_kinds.KINDS",
    "silin.kinds.bad_review.notice_kinds.KINDS",
    "silin.kinds.dispute.notice_kinds.KINDS",
    "silin.kinds.rectification.notice_kinds.KINDS",
    "silin.assessment.notice_kinds.KINDS",
    "silin.people.notice_kinds.KINDS",
    "silin.exchange.notice_kinds.KINDS",
]
"""Who says when the night is and for how long messages gather, and what people choose about."""
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FOR_HASHES = ENVIRONMENT.hash_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.origins

ROOMS = [
    "lib",
    "accounts",
    "history",
    "facts",
    "notices",
    "files",
    "receipts",
    "places",
    "people",
    "imports",
    "forms",
    "operation",
    "matters",
]
KINDS = [
    "silin.kinds.report.kind.KIND",
    "silin.kinds.finding.kind.KIND",
    "silin.kinds.bad_review.kind.KIND",
    "silin.kinds.dispute.kind.KIND",
    "silin.kinds.rectification.kind.KIND",
]
INSTALLED_APPS = [
    "silin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *(f"silin.{room}" for room in ROOMS),
    *(kind.removesuffix(".kind.KIND") for kind in KINDS),
    "silin.assessment",
    "silin.exchange",
    *(f"silin.fronts.{front}" for front in environment.FRONTS),
    *(["silin.demo"] if ENVIRONMENT.demo else []),
    "django.contrib.admin.apps.SimpleAdminConfig",
]
MIDDLEWARE = [
    "silin.logs.RequestLogMiddleware",
    "silin.security.ProxyMiddleware",
    "silin.security.HeadersMiddleware",
    "silin.lib.programs.ProgramsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "silin.security.TextGZipMiddleware",
    "silin.security.NulMiddleware",
    "silin.lib.upgrading.UpgradingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "silin.accounts.middleware.SessionNoteMiddleware",
    "silin.accounts.middleware.SecondFactorMiddleware",
    "silin.accounts.middleware.SessionLimitMiddleware",
    "silin.accounts.middleware.IdleLockMiddleware",
    "silin.lib.middleware.RefusalMiddleware",
]
LOGGING = logs.configuration(ENVIRONMENT.log_format, ENVIRONMENT.log_level)
ROOT_URLCONF = "silin.urls"
WSGI_APPLICATION = "silin.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "silin.lib.context.page",
                "silin.places.texts.page",
                "silin.fronts.resident.menu.menu",
                "silin.fronts.worker.menu.menu",
                "silin.fronts.desk.menu.menu",
                "silin.fronts.wall.menu.menu",
                "silin.fronts.open.menu.menu",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": SILIN_HOME / "progress",
    },
}
"""``progress`` says how far a long transaction is; what that writes into the database is seen at its end."""


AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "silin.accounts.backends.PasswordBackend",
    "silin.accounts.backends.TwoFactorBackend",
    "silin.people.rights.PostBackend",
]
SECOND_FACTOR_FOR = "" if ENVIRONMENT.demo else "silin.people.rights.holds_post"
IDLE_MINUTES = "" if ENVIRONMENT.demo else "silin.people.quiet.idle_minutes"
SESSION_LIMITS = "" if ENVIRONMENT.demo else "silin.people.quiet.session_limits"
FRONT_OF_POST = "silin.people.rights.front_of"
"""Who says in which front somebody works, so that their account opens there."""
ACCOUNT_NEWS = "silin.people.account_news.tell"
"""Who writes down what happened to an account and sends word to its person."""
STAFF_PAGES = ("/desk/", "/w/", "/staff/", "/admin/")
"""Who has to show a second factor, when an unattended desk locks, when staff sign in again, and the addresses
this is about."""
ADOPTERS = [
    "silin.matters.adopting.adopt",
    "silin.receipts.adopting.adopt",
    "silin.notices.adopting.adopt",
    "silin.kinds.report.actions.adopt",
    "silin.fronts.resident.adopting.adopt",
]
"""What moves to an account when a guest turns out to have one: (guest, user, now), in one transaction.

Matters stand before notices: a deed that is just being done holds its matter, and what it tells the guest is
there once the matter has been taken.
"""
FOLLOWERS = ["silin.people.following.follow", "silin.matters.following.follow"]
"""What is told, in one transaction, when grids are drawn anew or a place moves (``silin.places.paths``)."""
DEEDS_TOLD = "silin.matters.telling.deeds_told"
"""Who puts lines of the book of deeds into words for pages of lower rooms."""
WHO_RUNS = "silin.people.desk_running.who_runs"
"""Who tells the pages of the territory which organisation runs an estate, a block or a shop."""
FORGETTERS = ["silin.matters.forgetting.forget", "silin.imports.forgetting.forget"]
"""What takes a person's words out of places that no model declares: (user, words, now), at a deletion.

``user`` is None where the office deletes an entry of the register: an account is only its owner's to delete.
"""
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
PROGRAM_DOORS = ("/api/",)
"""Addresses at which programs come in by a key alone: no cookie is read there."""
STARTS = {"resident": "/", "desk": "/desk/", "worker": "/w/", "open": "/open/", "wall": "/wall/"}
LOGIN_REDIRECT_URL = next((start for front, start in STARTS.items() if front in SILIN_FRONTS), "/")
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = SILIN_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = ENVIRONMENT.email["EMAIL_BACKEND"]
EMAIL_HOST = ENVIRONMENT.email.get("EMAIL_HOST", "")
EMAIL_PORT = ENVIRONMENT.email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = ENVIRONMENT.email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = ENVIRONMENT.email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = ENVIRONMENT.email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = ENVIRONMENT.email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENVIRONMENT.email["DEFAULT_FROM_EMAIL"]
