"""One answer in the two forms of GeoReport v2: XML, and JSON by the Spark convention (no outer element)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

XML, JSON = "xml", "json"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "notes": "note",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What each element of a list is called in XML; in JSON a list is an array."""

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, escaped or not; JSON goes without them too."""


def write(form: str, root: str, value: Any) -> bytes:
    """``value`` (objects, lists, words, numbers, yes and no, None) as ``form``; ``root`` is XML's outermost.

    Both forms say the same: what is empty in XML is ``null`` in JSON.
    """
    plain = _plain(value)
    if form == JSON:
        return json.dumps(plain, ensure_ascii=False).encode()
    return (HEAD + "".join(_element(root, plain))).encode()


def _plain(value: Any) -> Any:
    """The value with words cleaned, and None where there are none."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return NOT_IN_XML.sub("", str(value)) or None


def _element(name: str, value: Any) -> Iterator[str]:
    if value is None or value == {} or value == []:
        yield f"<{name}/>"
        return
    yield f"<{name}>"
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from _element(inner, each)
    elif isinstance(value, list):
        for each in value:
            yield from _element(ITEMS[name], each)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield escape(str(value), {"\r": "&#13;"})
    yield f"</{name}>"
