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
    path("seen/", views.seen, name="scorecard_seen"),
    path("teams/", views.heat, name="heat"),
    path("wall/", views.wall, name="wall"),
    path("weights/", views.weights, name="weights"),
    path("weights/new/", views.new_template, name="new_template"),
    path("weights/<slug:code>/", views.template, name="template"),
    path("weights/<slug:code>/restore/<int:version>/", views.restore_template, name="restore_template"),
    path("weights/<slug:code>/retire/", views.retire_template, name="retire_template"),
    path("readiness/", views.readiness, name="readiness"),
    path("months/", views.kept_months, name="kept_months"),
    path("months/keep/", views.keep_month, name="keep_month"),
    path("months/<str:public_id>/", views.kept_month, name="kept_month"),
    path("scorecard.pdf", views.scorecard_pdf, name="scorecard_pdf"),
    path("scorecard.xlsx", views.scorecard_xlsx, name="scorecard_xlsx"),
    path("targets/", views.targets, name="targets"),
    path("targets/<str:public_id>/undo/", views.undo_targets, name="undo_targets"),
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/new/", views.new_kpi, name="catalogue_new"),
    path("catalogue/preview/", views.preview, name="catalogue_preview"),
    path("catalogue/<slug:kpi>/", views.card, name="catalogue_kpi"),
    path("catalogue/<slug:kpi>/change/", views.change_kpi, name="catalogue_change"),
    path("catalogue/<slug:kpi>/take-back/", views.take_back, name="catalogue_take_back"),
    path("catalogue/<slug:kpi>/definition.yaml", views.kpi_yaml, name="catalogue_yaml"),
    path("<slug:kpi>/", views.kpi, name="kpi"),
    path("<slug:kpi>/cut/", views.cut, name="kpi_cut"),
    path("<slug:kpi>/records/", views.records, name="kpi_records"),
    path("<slug:kpi>/records.<export_form:form>", views.export, name="kpi_export"),
]
