"""Routes of the process room, under /improve/process/."""

from django.urls import path

from steelyard.apps.process.views import (
    approvals,
    calendars,
    comparing,
    exports,
    handoffs,
    open,
    panel,
    quality,
    rework,
    scenarios,
    waiting,
    ways,
    whatif,
)
from steelyard.apps.process.views import map as maps

urlpatterns = [
    path("", maps.process_map, name="process_map"),
    path("map.svg", exports.map_svg, name="process_map_svg"),
    path("map.pdf", exports.map_as_pdf, name="process_map_pdf"),
    path("tables/<slug:name>.<export_form:form>", exports.table, name="process_table"),
    path("panel/", panel.process_panel, name="process_panel"),
    path("variants/", ways.variants, name="process_variants"),
    path("approvals/", approvals.approvals, name="process_approvals"),
    path("rework/", rework.rework, name="process_rework"),
    path("handoffs/", handoffs.handoffs, name="process_handoffs"),
    path("open/", open.open_cases, name="process_open"),
    path("compare/", comparing.compare, name="process_compare"),
    path("quality/", quality.quality, name="process_quality"),
    path("calendars/", calendars.calendars, name="process_calendars"),
    path("calendars/change/", calendars.change, name="process_calendars_change"),
    path("calendars/start/", calendars.start, name="process_calendars_start"),
    path("calendars/calendar.yaml", calendars.as_file, name="process_calendars_file"),
    path("calendars/<int:version>/restore/", calendars.restore, name="process_calendars_restore"),
    path("what-if/", whatif.what_if, name="process_what_if"),
    path("scenarios/compare/", scenarios.compare, name="process_scenarios_compare"),
    path("scenarios/<str:public_id>/", scenarios.scenario, name="process_scenario"),
    path("scenarios/<str:public_id>/save/", scenarios.save, name="process_scenario_save"),
    path("scenarios/<str:public_id>/decide/", scenarios.decide, name="process_scenario_decide"),
    path("waiting/", waiting.waiting, name="process_waiting"),
]
