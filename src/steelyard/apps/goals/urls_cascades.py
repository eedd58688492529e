"""Routes of cascades, under /aim/."""

from typing import Any

from django.urls import path

from steelyard.apps.goals.views import cascade_applying as applying
from steelyard.apps.goals.views import cascade_people as people
from steelyard.apps.goals.views import cascade_workbook as workbook
from steelyard.apps.goals.views import cascades as views

urlpatterns: list[Any] = [
    path("goal/<str:public_id>/divide/", views.new_cascade, name="new_cascade"),
    path("goal/<str:public_id>/divide/rest/", applying.recascade, name="recascade"),
    path("goal/<str:public_id>/divide/months", applying.change_months, name="change_months"),
    path("cascade/<str:public_id>/", views.cascade, name="cascade"),
    path("cascade/<str:public_id>/methods/", views.cascade_methods, name="cascade_methods"),
    path("cascade/<str:public_id>/cell", views.cascade_cell, name="cascade_cell"),
    path("cascade/<str:public_id>/back", views.cascade_back, name="cascade_back"),
    path("cascade/<str:public_id>/rules", views.cascade_rules, name="cascade_rules"),
    path("cascade/<str:public_id>/people/", people.cascade_people, name="cascade_people"),
    path("cascade/<str:public_id>/table/", workbook.import_cascade, name="import_cascade"),
    path("cascade/<str:public_id>/table.xlsx", workbook.cascade_xlsx, name="cascade_xlsx"),
    path("cascade/<str:public_id>/preview/", applying.preview_cascade, name="preview_cascade"),
    path("cascade/<str:public_id>/apply", applying.apply, name="apply_cascade"),
    path("cascade/<str:public_id>/undo", applying.undo, name="undo_cascade"),
]
