from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "silin.receipts"
    label = "receipts"
    default_auto_field = "django.db.models.BigAutoField"
