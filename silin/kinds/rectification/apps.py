from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "silin.kinds.rectification"
    label = "rectification"
    default_auto_field = "django.db.models.BigAutoField"
