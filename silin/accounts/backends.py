"""Who signs in with e-mail and password. Rights are not its business: ``people`` has a back end for them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend


class PasswordBackend(ModelBackend):
    """Django's own check of e-mail and password; it knows no rights, since an account has none."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Never: rights come from posts."""
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Never: rights come from posts."""
        return False
