"""Routes of the causes of a diagnosis, under /diagnose/<public_id>/causes/."""

from django.urls import path

from steelyard.apps.causes.views import causes, countermeasures, evidence, fishbone, lenses, report, whys

urlpatterns = [
    path("", lenses.lenses, name="lenses"),
    path("test", lenses.test, name="test_lenses"),
    path("panel/", lenses.panel, name="causes_panel"),
    path("new/", causes.new, name="new_cause"),
    path("cause/<str:key>/", causes.cause, name="cause"),
    path("cause/<str:key>/change/", causes.change, name="change_cause"),
    path("cause/<str:key>/test", causes.test, name="test_cause"),
    path("cause/<str:key>/decide", causes.decide, name="decide_cause"),
    path("cause/<str:key>/reopen", causes.reopen, name="reopen_cause"),
    path("evidence/new/", evidence.new, name="new_evidence"),
    path("evidence/<str:key>/withdraw", evidence.withdraw, name="withdraw_evidence"),
    path("evidence/<str:key>/restore", evidence.restore, name="restore_evidence"),
    path("evidence/<str:key>/file", evidence.file, name="evidence_file"),
    path("whys/", whys.tree, name="whys"),
    path("whys/new/", whys.new, name="new_why"),
    path("whys/<str:key>/", whys.change, name="why"),
    path("whys/<str:key>/withdraw", whys.withdraw, name="withdraw_why"),
    path("whys/<str:key>/restore", whys.restore, name="restore_why"),
    path("fishbone/", fishbone.fishbone, name="fishbone"),
    path("report/", report.page, name="report"),
    path("report.pdf", report.pdf, name="report_pdf"),
    path("countermeasures/", countermeasures.options, name="countermeasures"),
    path("countermeasures/new/", countermeasures.new, name="new_countermeasure"),
    path("countermeasures/<str:key>/", countermeasures.change, name="countermeasure"),
    path("countermeasures/<str:key>/choose", countermeasures.choose, name="choose_countermeasure"),
    path("countermeasures/<str:key>/release", countermeasures.release, name="release_countermeasure"),
    path("countermeasures/<str:key>/withdraw", countermeasures.withdraw, name="withdraw_countermeasure"),
    path("countermeasures/<str:key>/restore", countermeasures.restore, name="restore_countermeasure"),
]
