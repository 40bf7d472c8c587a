from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "silin.kinds.finding"
    label = "finding"
