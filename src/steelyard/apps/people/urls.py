"""Routes of the organisation, under /people/."""

from django.urls import path

from steelyard.apps.people import views

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.add_person, name="add_person"),
    path("teams/", views.teams, name="teams"),
    path("teams/new/", views.add_team, name="add_team"),
    path("teams/<str:public_id>/", views.team, name="team"),
    path("teams/<str:public_id>/change/", views.change_team, name="change_team"),
    path("<str:public_id>/", views.person, name="person"),
    path("<str:public_id>/change/", views.change_person, name="change_person"),
    path("<str:public_id>/move/", views.move, name="move_person"),
    path("<str:public_id>/memberships/<int:number>/", views.membership, name="membership"),
    path("<str:public_id>/memberships/<int:number>/end/", views.end_membership, name="end_membership"),
    path("<str:public_id>/manager/", views.set_manager, name="set_manager"),
    path("<str:public_id>/manager/<int:number>/end/", views.end_manager_link, name="end_manager_link"),
    path("<str:public_id>/aliases/", views.add_alias, name="add_alias"),
    path("<str:public_id>/aliases/<int:number>/", views.remove_alias, name="remove_alias"),
    path("<str:public_id>/account/", views.link_account, name="link_account"),
]
