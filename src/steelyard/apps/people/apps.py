from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "steelyard.apps.people"
