"""A person who can sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["User"]


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is the name one signs in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password, one who signs in another way."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses are compared without regard to case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person, in one or several workspaces; what the person may do stands there."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_operator = models.BooleanField(_("operates this installation"), default=False)
    is_simulated = models.BooleanField(_("demo person"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, for libraries that ask for it."""
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Permissions of Django are not used; the policy decides."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Permissions of Django are not used; the policy decides."""
        return False
