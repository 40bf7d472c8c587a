from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "silin.forms"
    label = "forms"
    default_auto_field = "django.db.models.BigAutoField"
