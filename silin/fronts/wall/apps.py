from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "silin.fronts.wall"
    label = "wall"
    default_auto_field = "django.db.models.BigAutoField"
