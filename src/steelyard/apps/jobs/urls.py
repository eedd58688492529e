"""Routes of jobs, under /jobs/."""

from django.urls import path

from steelyard.apps.jobs import views

urlpatterns = [
    path("<str:public_id>/", views.job, name="job"),
    path("<str:public_id>/cancel/", views.cancel, name="cancel_job"),
]
