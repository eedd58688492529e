"""People, teams and how they stood to each other at any date. Every span is half-open: [from, to)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from steelyard.web.ids import new_public_id


class Team(models.Model):
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    region = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["name", "code"]
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="no_team_is_its_own_parent")]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(null=True, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(left_on__gte=F("joined_on")),
                name="nobody_leaves_before_joining",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another text by which files name a person, kept casefolded and stripped."""

    text = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class TeamRole(models.TextChoices):
    MEMBER = "member", pgettext_lazy("role in a team", "Member")
    MANAGER = "manager", pgettext_lazy("role in a team", "Manager")


class Span(models.Model):
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def overlaps(self, start: datetime.date, end: datetime.date | None) -> bool:
        return (end is None or self.valid_from < end) and (self.valid_to is None or start < self.valid_to)

    def holds_on(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=name
    )


class Membership(Span):
    """A person is in one team at a time; lines across teams are dotted manager links."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=50, default=TeamRole.MEMBER)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            ends_after_it_begins("a_membership_ends_after_it_begins"),
            models.UniqueConstraint(fields=["person", "valid_from"], name="one_membership_a_start"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to__isnull=True), name="one_open_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id} from {self.valid_from}"


class LinkKind(models.TextChoices):
    SOLID = "solid", pgettext_lazy("reporting line", "Reports to")
    DOTTED = "dotted", pgettext_lazy("reporting line", "Also works with (dotted line)")


class ManagerLink(Span):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="manager_links")
    manager = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="report_links")
    kind = models.CharField(max_length=10, choices=LinkKind.choices, default=LinkKind.SOLID)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            ends_after_it_begins("a_manager_link_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(person=F("manager")), name="nobody_manages_themselves"),
            models.UniqueConstraint(
                fields=["person", "manager", "kind", "valid_from"], name="one_manager_link_a_start"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(valid_to__isnull=True, kind="solid"),
                name="one_open_solid_manager",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.manager_id} from {self.valid_from}"
