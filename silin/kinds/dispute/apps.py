from django.apps import AppConfig


class DisputeConfig(AppConfig):
    name = "silin.kinds.dispute"
    label = "dispute"
    default_auto_field = "django.db.models.BigAutoField"
