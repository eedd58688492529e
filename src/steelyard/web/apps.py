from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "steelyard.web"

    def ready(self) -> None:
        from steelyard.web import words

        words.collect()
