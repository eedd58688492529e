"""Routes of goals, under /aim/."""

from typing import Any

from django.urls import path

from steelyard.apps.goals import urls_cascades, urls_progress
from steelyard.apps.goals.views import goals, grids, home, rules, themes, tree, versions, weights, writing

urlpatterns: list[Any] = [
    path("", home.aim, name="aim"),
    path("mine/", home.my_goals, name="my_goals"),
    path("mine/panel/", home.panel, name="my_goals_panel"),
    path("tree/", tree.tree, name="tree"),
    path("tree/below/<str:public_id>/", tree.below, name="tree_below"),
    path("tree.xlsx", tree.tree_xlsx, name="tree_xlsx"),
    path("teams/", grids.team_goals, name="team_goals"),
    path("teams.xlsx", grids.team_goals_xlsx, name="team_goals_xlsx"),
    path("proposals/", versions.approvals, name="approvals"),
    path("proposals/<str:public_id>/<int:number>/decide", versions.decide, name="decide_proposal"),
    path("proposals/<str:public_id>/<int:number>/withdraw", goals.withdraw, name="withdraw_proposal"),
    path("themes/", themes.themes, name="themes"),
    path("themes/new/", themes.new, name="new_theme"),
    path("themes/<str:public_id>/change/", themes.change, name="change_theme"),
    path("themes/<str:public_id>/move", themes.move, name="move_theme"),
    path("themes/<str:public_id>/retire", themes.retire, name="retire_theme"),
    path("themes/<str:public_id>/restore", themes.restore, name="restore_theme"),
    path("weights/", weights.weights, name="weights_home"),
    path("weights/below/<str:public_id>/", weights.parts, name="weights_of_parts"),
    path("weights/of/<str:key>/", weights.weights, name="weights_of"),
    path("rules/", rules.settings, name="goal_settings"),
    path("check", writing.smart_check, name="smart_check"),
    path("new/", writing.new, name="new_goal"),
    path("goal/<str:public_id>/", goals.goal, name="goal"),
    path("goal/<str:public_id>/change/", writing.change, name="change_goal"),
    path("goal/<str:public_id>/versions/", versions.versions, name="goal_versions"),
    path("goal/<str:public_id>/close", goals.close, name="close_goal"),
    path("goal/<str:public_id>/reopen", goals.reopen, name="reopen_goal"),
    path("goal/<str:public_id>/steps/<str:key>/tick", goals.tick, name="tick_milestone"),
    *urls_cascades.urlpatterns,
    *urls_progress.urlpatterns,
]
