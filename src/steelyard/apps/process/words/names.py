"""What the room calls things: steps, processes, attributes, people."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.measure.words.names import dimension_name
from steelyard.charts.flow import END, START


def process_name(name: str) -> str:
    return name or _("Work of no named process")


def attribute_name(name: str) -> str:
    return dimension_name(name)


def step_name(name: str | int) -> str:
    """An activity is called what the log calls it; where cases begin and end has words."""
    if name == START:
        return pgettext("of a process", "Start")
    if name == END:
        return pgettext("of a process", "End")
    return str(name)


def value_name(value: str) -> str:
    return value or _("none")
