from typing import Any

from django.apps import AppConfig


class ThriveConnectConfig(AppConfig):
    name = "thrive_connect"
    verbose_name = "Thrive Connect"
    default_auto_field = "django.db.models.BigAutoField"
    ledger_sql = "thrive_connect.sql"
    """Where its functions and triggers are: the ledger's check and audit look at them too."""

    def ready(self) -> None:
        """Listen to what is no entry, so that it can be queued where it happens."""
        from thrive_points.signals import news_written

        news_written.connect(_queue, dispatch_uid="thrive_connect.queue")


def _queue(*, kind: str, items: list[tuple[str, dict[str, Any]]], **_: object) -> None:
    """Queue news for each listener that wants its kind, in the sender's transaction."""
    from thrive_connect.models import Listener, SiteNews

    # By Python: SQLite cannot ask a JSON list what it contains.
    wanting = [one for one in Listener.objects.filter(enabled=True) if kind in one.kinds]
    SiteNews.objects.bulk_create(
        (
            SiteNews(listener=listener, kind=kind, subject=subject, data=data)
            for listener in wanting
            for subject, data in items
        ),
        batch_size=1_000,
    )
