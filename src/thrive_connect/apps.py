from django.apps import AppConfig


class ThriveConnectConfig(AppConfig):
    name = "thrive_connect"
    verbose_name = "Thrive Connect"
    default_auto_field = "django.db.models.BigAutoField"
    ledger_sql = "thrive_connect.sql"
    """Where its functions and triggers are: the check and the audit of the ledger's guard them too."""
