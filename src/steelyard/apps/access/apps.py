from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "steelyard.apps.access"
