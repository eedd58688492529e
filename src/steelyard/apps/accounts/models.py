"""Accounts: who logs in, and with which roles."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steelyard.web.ids import new_public_id


class Role(models.TextChoices):
    LEADER = "leader", pgettext_lazy("role", "Leader")
    MANAGER = "manager", pgettext_lazy("role", "Manager")
    MEMBER = "member", pgettext_lazy("role", "Member")
    ANALYST = "analyst", pgettext_lazy("role", "Analyst")
    COMPENSATION = "compensation", pgettext_lazy("role", "Compensation administrator")
    FINANCE = "finance", pgettext_lazy("role", "Finance")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "Administrator")


class Theme(models.TextChoices):
    AUTO = "auto", pgettext_lazy("theme", "As the device")
    LIGHT = "light", pgettext_lazy("theme", "Light")
    DARK = "dark", pgettext_lazy("theme", "Dark")


class Language(models.TextChoices):
    BROWSER = "", _("As the browser")
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, *, password: str | None = None, **fields: Any) -> "User":
        """Without a password the account waits for its invitation to be opened."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=10, choices=Language.choices, default=Language.BROWSER, blank=True)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in Role.values if role in self.roles]

    @property
    def is_invited(self) -> bool:
        """The invitation was made and has not been opened."""
        return self.is_active and not self.has_usable_password()
