"""One way to write a value as bytes, so that a hash of it is the same on every machine and database."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def canonical(value: Any) -> bytes:
    """``value`` as JSON in UTF-8: sorted keys, no blanks, whole numbers without a fraction.

    Dates, decimals, UUIDs and lazy texts become text. Raises ``TypeError`` for what JSON cannot say and
    ``ValueError`` for NaN and infinity.
    """
    text = json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False)
    plain = _whole(json.loads(text))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    """The SHA-256 of the canonical JSON of ``value``, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _whole(value: Any) -> Any:
    """1.0 and 1e16 come back from PostgreSQL's jsonb as whole numbers: hash them as such everywhere."""
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
