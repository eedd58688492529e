from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "steelyard.apps.process"
    label = "process"
    default_auto_field = "django.db.models.BigAutoField"
