"""System checks: what is wrong with the site's settings, said before it runs."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.apps.config import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from thrive_points.calendar.zones import Zones
from thrive_points.conf import points_settings
from thrive_points.rules.current import ADJUSTMENT, rulebook_as_written, written
from thrive_points.rules.lint import incoherences
from thrive_points.rules.rulebook import State


@register(Tags.compatibility)
def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check the settings dict, and the user model's names."""
    from thrive_points.ledger import users

    if not settings.USE_TZ:
        return [
            Error(
                "USE_TZ is False: an instant without a zone belongs to no certain day.",
                hint="Set USE_TZ = True; TIME_ZONE still says which zone the site shows.",
                id="thrive_points.E003",
            )
        ]
    try:
        points_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="thrive_points.E001")]
    return [
        Warning(
            f"The user model already has an attribute {name!r}; user.{name} will not show points.",
            hint=f"Rename it, or read selectors.progress(user).{name} instead of user.{name}.",
            id="thrive_points.W001",
        )
        for name in users.clashes()
    ]


@register(Tags.compatibility)
def check_databases(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check that the ledger is written to a database that can keep it, with all that belongs to it.

    No connection is made: what a database is, and where rows go, is known from the settings.
    """
    from thrive_points.models import PointsHistory

    alias = router.db_for_write(PointsHistory)
    connection = connections[alias]
    if connection.vendor not in ("postgresql", "sqlite"):
        return [
            Error(
                f"The ledger is written to database {alias!r}, which is {connection.display_name}.",
                hint="Use PostgreSQL or SQLite; a router can give thrive_points, thrive_circles "
                "and the users a database of their own.",
                id="thrive_points.E006",
            )
        ]
    found: list[CheckMessage] = []
    if connection.vendor == "postgresql" and find_spec("psycopg") is None:
        found.append(
            Error(
                f"Database {alias!r} is used by psycopg2, which cannot send what an award needs.",
                hint='Install psycopg 3: pip install "thrive-points[postgresql]".',
                id="thrive_points.E007",
            )
        )
    ours = [
        model
        for label in ("thrive_points", "thrive_circles")
        if apps.is_installed(label)
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed
    ]
    elsewhere = {
        model._meta.label: other
        for model in (*ours, get_user_model())
        if (other := router.db_for_write(model)) != alias
    }
    if elsewhere:
        places = ", ".join(f"{label} to {other!r}" for label, other in elsewhere.items())
        found.append(
            Error(
                f"The ledger is written to {alias!r}, but {places}: no transaction spans both.",
                hint="Let your routers give thrive_points, thrive_circles and the user model one "
                "database for writing.",
                id="thrive_points.E008",
            )
        )
    return found


@register(Tags.compatibility)
def check_zones(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Warn of a hook that can only tell a user's zone of the present."""
    try:
        own = points_settings()
    except ImproperlyConfigured:
        return []
    hook = own.user_zone
    if hook is None or own.user_zone_by_instant:
        return []
    try:
        answer = hook(get_user_model()())
    except Exception:
        # It needs more than a blank user: nothing shows that it keeps more than the present.
        answer = None
    if isinstance(answer, Zones):
        return []
    return [
        Warning(
            "THRIVE_POINTS['USER_ZONE'] knows the zone of the present alone: a member who changes "
            "it can live a day twice, with caps and streaks to match, and late events count by a "
            "zone that did not hold.",
            hint="Keep each member's zones by a ZonesField and answer Zones(user.zones), or take "
            "the instant as a second argument; docs/how-to/keep-time-zones.md shows both.",
            id="thrive_points.W003",
        )
    ]


@register(Tags.compatibility)
def check_streaks_and_goals(
    app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """Check that streaks and goals name activity types that have a rule."""
    try:
        own = points_settings()
    except ImproperlyConfigured:
        return []
    named: list[tuple[str, str]] = []
    for streak in own.streaks:
        where = f"streak {streak.name!r}"
        if streak.activity is not None:
            named.append((where, streak.activity))
        named += [(where, activity) for _, activity in streak.pays]
    for goal in own.goals:
        named += [(f"goal on {goal.activity!r}", name) for name in (goal.activity, goal.pays)]
    return [
        Error(
            f"The {where} names {str(activity)!r}, which has no rule.",
            hint="Add the rule to THRIVE_POINTS['RULES'], or set STREAKS and GOALS to your own.",
            id="thrive_points.E002",
        )
        for where, activity in named
        if activity not in own.rules
    ]


@register(Tags.compatibility)
def check_rules(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check that the rules in code agree with the rubric and with each other."""
    try:
        own = points_settings()
    except ImproperlyConfigured:
        return []
    return [
        (Error if found.is_error else Warning)(
            found.message, hint=found.hint, id=f"thrive_points.{found.code}"
        )
        for found in incoherences(own.rules)
    ]


@register(Tags.database)
def check_sqlite(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Warn of an SQLite database whose transactions start as readers."""
    return [
        Warning(
            f"Database {alias!r} is SQLite without IMMEDIATE transactions: awards that run at "
            "once will fail with 'database is locked'.",
            hint=f"Set DATABASES[{alias!r}]['OPTIONS']['transaction_mode'] = 'IMMEDIATE'.",
            id="thrive_points.W002",
        )
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        and connections[alias].settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.database)
def check_version(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Say what to do about a database of version 0.1, which no migration leads on from."""
    return [
        Error(
            f"Database {alias!r} is one of thrive-points 0.1, which was never released: its "
            "entries have other keys, and no migration leads from there.",
            hint="Begin with an empty database; or drop the tables thrive_points_* and "
            "thrive_circles_*, delete the rows of the apps thrive_points and thrive_circles from "
            "django_migrations, and migrate.",
            id="thrive_points.E004",
        )
        for alias in databases or ()
        if ("thrive_points", "0001_initial")
        in MigrationRecorder(connections[alias]).applied_migrations()
    ]


@register(Tags.database)
def check_schema(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Check that a migrated database has the functions, triggers and constraints of this release.

    While migrations are still to be applied nothing is missed: `migrate` itself runs this check.
    """
    from thrive_points.models import PointsHistory
    from thrive_points.sql.schema import altered

    return [
        Error(
            f"{name} is {wrong} in database {alias!r}: what guards or writes the ledger is not as "
            "released.",
            hint="Run manage.py points_audit --rebuild as the database user who migrates, and find "
            "out who changed it.",
            id="thrive_points.E005",
        )
        for alias in databases or ()
        if router.allow_migrate_model(alias, PointsHistory) and _is_migrated(alias)
        for name, wrong in altered(connections[alias])
    ]


@register(Tags.database, deploy=True)
def check_role(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Warn where the site runs by a role that may do more to the ledger than append."""
    from thrive_points.models import PointsHistory
    from thrive_points.sql.schema import more_than_needed

    return [
        Warning(
            f"The role {role!r} "
            + ("owns the ledger" if may == "owns" else f"may {may} entries")
            + f" in database {alias!r}: it could lift what guards them.",
            hint="Run the site by a role that may only read and append; the SQL is in "
            "docs/how-to/prove-the-ledger.md.",
            id="thrive_points.W010",
        )
        for alias in databases or ()
        if router.allow_migrate_model(alias, PointsHistory) and _is_migrated(alias)
        for may, role in [more_than_needed(connections[alias]) or ("", "")]
        if may
    ]


def _is_migrated(alias: str) -> bool:
    """Tell whether a database has the ledger, and no migration of it or beside it is to come."""
    from thrive_points.models import PointsHistory

    connection = connections[alias]
    on_disk = MigrationLoader(None, load=False)
    on_disk.load_disk()
    beside = {app.label for app in apps.get_app_configs() if hasattr(app, "ledger_sql")}
    ours = {name for name in on_disk.disk_migrations if name[0] in {"thrive_points", *beside}}
    applied = MigrationRecorder(connection).applied_migrations()
    tables = connection.introspection.table_names()
    return ours <= applied.keys() and PointsHistory._meta.db_table in tables


@register(Tags.database)
def check_activity_types(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Warn of activity types that the ledger names and no rule does any more."""
    from thrive_points.models import PointsDailyTotal

    alias = router.db_for_read(PointsDailyTotal)
    if alias not in (databases or ()) or not _is_migrated(alias):
        return []
    try:
        rules = points_settings().rules
    except ImproperlyConfigured:
        return []
    totals = PointsDailyTotal.objects.using(alias).exclude(activity_type__in=[*rules, ADJUSTMENT])
    return [
        Warning(
            f"The ledger has points for {name!r}, which has no rule any more.",
            hint="Put the rule back, disabled if it should pay nothing, or say in "
            "THRIVE_POINTS['RENAMED'] what it is called now: until then these points are in no "
            "category.",
            id="thrive_points.W104",
        )
        for name in totals.order_by().values_list("activity_type", flat=True).distinct()
    ]


@register(Tags.database)
def check_revisions(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Check that the code still has what the published revisions and experiments name."""
    from thrive_points.models import PointRule, RuleExperiment

    alias = router.db_for_write(PointRule)
    # The tables may lack what a migration still to come will add, and `migrate` runs this check.
    if alias not in (databases or ()) or not _is_migrated(alias):
        return []
    try:
        book = rulebook_as_written()
    except ImproperlyConfigured:
        return []
    known = set(book.activity_types())
    found: list[CheckMessage] = [
        Warning(
            f"Revisions or experiments are about {activity_type!r}, which has no rule in code any "
            "more.",
            hint="Put the rule back, disabled if it should pay nothing, or say in "
            "THRIVE_POINTS['RENAMED'] what it is called now; or ignore this.",
            id="thrive_points.W102",
        )
        for activity_type in sorted(
            {
                name
                for model in (PointRule, RuleExperiment)
                for name in written(model).values_list("activity_type", flat=True).distinct()
            }
            - known
        )
    ]
    for activity_type, one in book.unreadable():
        what = f"{activity_type} {one.name} cannot be read: {one.problem}."
        states = book.states(activity_type, timezone.now()) if activity_type in known else {}
        found.append(
            Error(
                f"{what} What lies beneath it decides until it can.",
                hint="Put back what it names, or withdraw it, or bring another revision back.",
                id="thrive_points.E108",
            )
            if states.get(one.name) is State.UNREADABLE
            else Warning(
                f"{what} It decides nothing any more, but events delivered late for its time do "
                "not find it.",
                hint="Put back what it names; or ignore this.",
                id="thrive_points.W103",
            )
        )
    return found
