"""What is said when something cannot be done: one exception, a code for machines and words for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refused(Exception):
    """A request that cannot be carried out, said in the user's words.

    ``code`` is a short snake_case word for programs, ``field`` names the input that is to be mended
    (empty when none is) and ``status`` is the HTTP status of the answer.
    """

    def __init__(self, code: str, message: Words, *, field: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.status = status

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def as_json(self) -> dict[str, dict[str, str]]:
        """The answer of every API: ``{"error": {"code", "message", "field"}}``."""
        return {"error": {"code": self.code, "message": str(self.message), "field": self.field}}


class NotFound(Refused):
    """There is no such thing, or not for this person: a stranger cannot tell which."""

    def __init__(self, message: Words = _("We cannot find that page."), *, field: str = "") -> None:
        super().__init__("not_found", message, field=field, status=404)


class NotAllowed(Refused):
    """The person may see it but may not do this."""

    def __init__(self, message: Words = _("This is not yours to do."), *, field: str = "") -> None:
        super().__init__("not_allowed", message, field=field, status=403)


class Changed(Refused):
    """Somebody acted since the person looked."""

    def __init__(self, message: Words = _("Somebody changed it since you looked.")) -> None:
        super().__init__("changed", message, status=409)
