"""Writes on the organisation: kept by hand, and taken from files."""

from steelyard.apps.people.actions.intake import import_organisation
from steelyard.apps.people.actions.keeping import (
    add_alias,
    add_person,
    add_team,
    change_membership,
    change_person,
    change_team,
    end_manager_link,
    end_membership,
    link_account,
    move_person,
    remove_alias,
    set_manager,
)

__all__ = [
    "add_alias",
    "add_person",
    "add_team",
    "change_membership",
    "change_person",
    "change_team",
    "end_manager_link",
    "end_membership",
    "import_organisation",
    "link_account",
    "move_person",
    "remove_alias",
    "set_manager",
]
