from django.apps import AppConfig


class OpenConfig(AppConfig):
    name = "silin.fronts.open"
    label = "open"
    default_auto_field = "django.db.models.BigAutoField"
