from django.apps import AppConfig


class ThriveConnectConfig(AppConfig):
    name = "thrive_connect"
    verbose_name = "Thrive Connect"
    default_auto_field = "django.db.models.BigAutoField"
    ledger_sql = "thrive_connect.sql"
    """Where its functions and triggers are: the ledger's check and audit look at them too."""
