from django.apps import AppConfig


class ThriveCirclesConfig(AppConfig):
    name = "thrive_circles"
    verbose_name = "Thrive Circles"
    default_auto_field = "django.db.models.BigAutoField"
