from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "silin.operation"
    label = "operation"
    default_auto_field = "django.db.models.BigAutoField"
