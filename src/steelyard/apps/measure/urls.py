"""Routes of measuring: /measure/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from steelyard.apps.measure import views


class Form(StringConverter):
    """The kinds of file that records are exported as."""

    regex = "csv|xlsx"


register_converter(Form, "export_form")

urlpatterns = [
    path("", views.scorecard, name="scorecard"),
    path("compute/", views.compute, name="compute_points"),
    path("targets/", views.targets, name="targets"),
    path("targets/<str:public_id>/undo/", views.undo_targets, name="undo_targets"),
    path("<slug:kpi>/", views.kpi, name="kpi"),
    path("<slug:kpi>/cut/", views.cut, name="kpi_cut"),
    path("<slug:kpi>/records/", views.records, name="kpi_records"),
    path("<slug:kpi>/records.<export_form:form>", views.export, name="kpi_export"),
]
