"""Signing in by e-mail and password. It grants no rights: those follow from posts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend


class PasswordBackend(ModelBackend):
    """Django's own check of e-mail and password, without its users' and groups' permissions."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Nobody is signed in as a system, nor stays so by a session of whatever origin."""
        return super().user_can_authenticate(user) and not user.is_system

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Nothing: rights are the business of ``people``."""
        return False


class TwoFactorBackend(PasswordBackend):
    """The back end of a session in which both factors were shown; it lets nobody in by itself."""

    def authenticate(self, request: Any, **credentials: Any) -> None:  # type: ignore[override]
        """Nobody: only ``accounts.second_steps`` signs in by it, after both."""
        return
