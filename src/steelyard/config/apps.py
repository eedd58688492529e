"""Registers the checks of this layer."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "steelyard.config"
    label = "steelyard_config"

    def ready(self) -> None:
        from steelyard.config import checks  # noqa: F401  registers on import
