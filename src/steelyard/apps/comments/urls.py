"""Routes of conversations, under /comments/."""

from django.urls import path

from steelyard.apps.comments import views

urlpatterns = [
    path("", views.questions, name="questions"),
    path("on/<slug:kind>/<path:key>/", views.conversation, name="conversation"),
    path("<str:public_id>/withdraw/", views.withdraw, name="withdraw_comment"),
    path("<str:public_id>/restore/", views.restore, name="restore_comment"),
]
