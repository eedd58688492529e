"""Routes of diagnosing, under /diagnose/."""

from django.urls import path

from steelyard.apps.diagnose.views import exports, pages

urlpatterns = [
    path("", pages.diagnoses, name="diagnoses"),
    path("new", pages.new, name="new_diagnosis"),
    path("values", pages.values, name="diagnosis_values"),
    path("<str:public_id>/", pages.diagnosis, name="diagnosis"),
    path("<str:public_id>/note", pages.note, name="diagnosis_note"),
    path("<str:public_id>/compare", pages.compare, name="compare_diagnoses"),
    path("<str:public_id>/diagnosis.pdf", exports.pdf, name="diagnosis_pdf"),
    path("<str:public_id>/diagnosis.png", exports.png, name="diagnosis_png"),
    path("<str:public_id>/diagnosis.json", exports.figures_json, name="diagnosis_json"),
    path("<str:public_id>/diagnosis.xlsx", exports.figures_xlsx, name="diagnosis_xlsx"),
]
