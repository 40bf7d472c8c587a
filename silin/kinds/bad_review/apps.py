from django.apps import AppConfig


class BadReviewConfig(AppConfig):
    name = "silin.kinds.bad_review"
    label = "bad_review"
    default_auto_field = "django.db.models.BigAutoField"
