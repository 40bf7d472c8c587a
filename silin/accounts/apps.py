from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "silin.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
