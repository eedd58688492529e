"""Routes of the process room, under /improve/process/."""

from django.urls import path

from steelyard.apps.process.views import exports, ways
from steelyard.apps.process.views import map as maps

urlpatterns = [
    path("", maps.process_map, name="process_map"),
    path("map.svg", exports.map_svg, name="process_map_svg"),
    path("map.pdf", exports.map_as_pdf, name="process_map_pdf"),
    path("tables/<slug:name>.<export_form:form>", exports.table, name="process_table"),
    path("variants/", ways.variants, name="process_variants"),
]
