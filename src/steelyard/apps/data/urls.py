"""Routes of the data room, under /data/."""

from django.urls import path

from steelyard.apps.data import views

urlpatterns = [
    path("", views.room, name="data"),
    path("templates/<str:table>.csv", views.template_file, name="table_template"),
    path("quality/", views.quality, name="quality"),
    path("quality/accepted/<int:number>/", views.withdraw, name="withdraw_acceptance"),
    path("quality/<str:public_id>/", views.finding, name="finding"),
    path("quality/<str:public_id>/accept/", views.accept, name="accept_finding"),
    path("quality/<str:public_id>/rows.csv", views.finding_file, {"form": "csv"}, name="finding_csv"),
    path("quality/<str:public_id>/rows.xlsx", views.finding_file, {"form": "xlsx"}, name="finding_xlsx"),
    path("names/", views.names, name="names"),
    path("names/by-column/", views.names_by_column, name="names_by_column"),
    path("names/<str:public_id>/withdraw/", views.withdraw_name, name="withdraw_name"),
    path("sources/", views.sources, name="sources"),
    path("sources/<path:name>/mapping.yaml", views.source_file, name="source_file"),
    path("sources/<path:name>/", views.source, name="source"),
    path("import/", views.upload, name="import_upload"),
    path("import/<str:public_id>/", views.taken, name="import"),
    path("import/<str:public_id>/files/", views.files, name="import_files"),
    path("import/<str:public_id>/columns/", views.columns, name="import_columns"),
    path("import/<str:public_id>/preview/", views.preview, name="import_preview"),
    path("import/<str:public_id>/mapping/", views.mapping_text, name="import_mapping"),
    path("import/<str:public_id>/mapping.yaml", views.mapping_file, name="import_mapping_file"),
    path("import/<str:public_id>/source/", views.use_source, name="import_use_source"),
    path("import/<str:public_id>/check/", views.check, name="import_check"),
    path("import/<str:public_id>/commit/", views.publish, name="import_commit"),
    path("import/<str:public_id>/result/", views.result, name="import_result"),
    path("import/<str:public_id>/rejects.csv", views.rejects_file, name="import_rejects"),
    path("import/<str:public_id>/removed/<str:table>.csv", views.retired_file, name="import_retired"),
    path("import/<str:public_id>/undo/", views.undo, name="import_undo"),
    path("import/<str:public_id>/discard/", views.discard, name="import_discard"),
]
