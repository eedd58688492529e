from django.apps import AppConfig


class DiagnoseConfig(AppConfig):
    name = "steelyard.apps.diagnose"
    label = "diagnose"
    default_auto_field = "django.db.models.BigAutoField"
