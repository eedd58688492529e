"""Routes of accounts. Only what is used of allauth is mounted, by allauth's own names."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from steelyard.apps.accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("language/", views.switch_language, name="switch_language"),
    path("look/", views.switch_theme, name="switch_theme"),
    path("accounts/login/", views.log_in, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/inactive/", allauth.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", allauth.password_change, name="account_change_password"),
    path("accounts/invitation/<str:public_id>/<str:token>/", views.invitation, name="invitation"),
    path("accounts/2fa/", mfa.index, name="mfa_index"),
    path("accounts/2fa/code/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/2fa/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/2fa/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("settings/", views.settings, name="settings"),
    path("settings/users/", views.users, name="users"),
    path("settings/users/new/", views.invite, name="invite"),
    path("settings/users/<str:public_id>/", views.user, name="user"),
    path("settings/users/<str:public_id>/switch/", views.user_switch, name="user_switch"),
    path("settings/users/<str:public_id>/link/", views.user_link, name="user_link"),
    path(
        "settings/users/<str:public_id>/second-factor/", views.user_second_factor, name="user_second_factor"
    ),
]
