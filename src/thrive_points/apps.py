from django.apps import AppConfig


class ThrivePointsConfig(AppConfig):
    name = "thrive_points"
    verbose_name = "Thrive Points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from thrive_points import checks  # noqa: F401 - registers the checks
        from thrive_points.ledger import users

        users.attach()
