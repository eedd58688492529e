from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "steelyard.apps.accounts"
