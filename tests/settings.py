"""The product's own settings in a clean environment: a home of its own, SQLite or a throw-away PostgreSQL."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests import postgres

_home = Path(tempfile.mkdtemp(prefix="silin-test-home-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("SILIN_")]:
    if not _name.startswith("SILIN_TEST_"):
        del os.environ[_name]
os.environ |= {
    "SILIN_HOME": str(_home),
    "SILIN_SECRET_KEY": "only-for-tests-" * 4 + "0123456789",
    "SILIN_HASH_KEY": "only-for-tests-" * 4 + "abcdefghij",
    "SILIN_DATA_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtbG9uZy1rZXk=",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # playwright leaves its loop running in the tests' own thread
}
if os.environ.get("SILIN_TEST_DATABASE") == "postgresql":
    os.environ["SILIN_DATABASE_URL"] = postgres.url()

from silin.settings import *  # noqa: E402, F403
from silin.settings import (  # noqa: E402
    ALLOWED_HOSTS,
    AUTHENTICATION_BACKENDS,
    DATABASES,
    STATIC_ROOT,
    STORAGES,
)

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
AUTHENTICATION_BACKENDS = sorted(AUTHENTICATION_BACKENDS, key=lambda path: "TwoFactor" not in path)
"""Django's ``force_login`` takes the first: whoever is put in by it has shown both factors."""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir()
DATABASES["default"]["TEST"] = {"NAME": None}
