"""What the staff admin may do with rows that earned points: look, and act through services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class PartInline(admin.StackedInline):
    """What a thing is made of."""

    extra = 1


class MembersAdmin(admin.ModelAdmin):
    """Rows that members make on the site's own pages."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: only what members do earns."""
        return False


class EarnedAdmin(MembersAdmin):
    """Rows that earned points: taken down by a service, never by hand.

    A row that is added or deleted here would leave the ledger without its counterpart.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: the points would stay behind."""
        return False


class RecordAdmin(EarnedAdmin):
    """Rows that are facts: nobody edits them either."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: it happened as it happened."""
        return False
