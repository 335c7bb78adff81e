"""Hosts that stand between Django and the server: every statement of an award passes them.

One has a backend of its own that tells the server who acts, as `tests.sites.acting` does; the
others hang on the two hooks that Django and psycopg have for it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests.support.databases import scratch_database
from tests.support.small_site import SmallSite, database_at, started
from tests.support.wire import sent_statements
from thrive_points.models import PointsHistory
from thrive_points.selectors import balance
from thrive_points.services import PointsService

pytestmark = pytest.mark.postgresql

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    with (
        scratch_database() as url,
        started(database_at(url, ENGINE="tests.sites.acting")) as site,
    ):
        site.ask(set_up)
        yield site
        site.ask(tear_down)


@pytest.fixture
def ask(site: SmallSite) -> Ask:
    """Return a function that asks the site."""
    return site.ask


# What follows up to the tests of this backend runs in the site.

# Roles belong to the whole server, so the name has to be this database's own.
ROLE = "'host_of_' || current_database()"
WITNESS = """
    CREATE TABLE witnessed (user_id bigint, event_key text, who text);
    CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO witnessed
        VALUES (NEW.user_id, NEW.event_key, current_setting('app.user', true));
        RETURN NULL;
    END $$;
    CREATE TRIGGER witness AFTER INSERT ON thrive_points_pointshistory
    FOR EACH ROW EXECUTE FUNCTION witness();
"""
# Members see and write their own entries only. Those who own the table are not bound by it.
POLICY = """
    ALTER TABLE thrive_points_pointshistory ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON thrive_points_pointshistory USING (
        user_id = (SELECT id FROM auth_user WHERE username = current_setting('app.user', true)));
"""
GRANTS = """
    DO $$BEGIN
        EXECUTE 'CREATE ROLE ' || quote_ident({role});
        EXECUTE 'GRANT ALL ON ALL TABLES IN SCHEMA public TO ' || quote_ident({role});
        EXECUTE 'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ' || quote_ident({role});
    END$$;
"""
REVOKES = """
    DO $$BEGIN
        EXECUTE 'DROP OWNED BY ' || quote_ident({role});
        EXECUTE 'DROP ROLE ' || quote_ident({role});
    END$$;
"""


def set_up() -> None:
    call_command("migrate", verbosity=0)
    execute(WITNESS, POLICY, GRANTS.format(role=ROLE))


def tear_down() -> None:
    execute(REVOKES.format(role=ROLE))


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def acting_as(user: Any) -> Iterator[None]:
    """Act as a user for a block, as a middleware has it for a request."""
    from tests.sites.acting.base import actor

    token = actor.set(user.username)
    try:
        yield
    finally:
        actor.reset(token)


@contextmanager
def bound_by_the_policy() -> Iterator[None]:
    """Leave the owner's rights for a block."""
    execute(f"SELECT set_config('role', {ROLE}, false)")
    try:
        yield
    finally:
        execute("RESET ROLE")


def alice_and_bob() -> list[Any]:
    """Make two members, of whom alice has used the connection before."""
    model = get_user_model()
    number = model.objects.count()
    alice, bob = (model.objects.create(username=f"{n}{number}") for n in ("alice", "bob"))
    with acting_as(alice):
        award(alice, "a:1")
        award(alice, "a:2")
    return [alice, bob]


def award(user: Any, key: str) -> Any:
    return PointsService.award_points(user, "quiz_completed", {"event_key": key})


def event(user: Any, key: str) -> dict[str, Any]:
    return {"user": user, "activity_type": "quiz_completed", "metadata": {"event_key": key}}


def award_as_each() -> Any:
    """Return who was seen to write each of bob's and alice's entries."""
    alice, bob = alice_and_bob()
    with acting_as(bob):
        award(bob, "b:1")
        PointsService.award_many([event(bob, "b:2"), event(bob, "b:3")])
        with transaction.atomic():
            award(bob, "b:4")
    with acting_as(alice):
        award(alice, "a:3")
        PointsService.reverse(bob, "b:1", "A mistake")
        PointsService.adjust(bob, 5, "A gift", event_key="gift")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_key, who FROM witnessed WHERE user_id IN (%s, %s)", [alice.pk, bob.pk]
        )
        seen = {key: who.rstrip("0123456789") for key, who in cursor.fetchall()}
    reversal = next(key for key in seen if key not in WITNESSED)
    return {**{key: who for key, who in seen.items() if key in WITNESSED}, "b:1!": seen[reversal]}


WITNESSED = {
    **dict.fromkeys(["a:1", "a:2", "a:3", "gift"], "alice"),
    **dict.fromkeys(["b:1", "b:2", "b:3", "b:4"], "bob"),
}


def award_under_the_policy() -> Any:
    alice, bob = alice_and_bob()
    with bound_by_the_policy(), acting_as(bob):
        first = award(bob, "b:1").outcome.value
        again = award(bob, "b:1").outcome.value
        sees = PointsHistory.objects.count()
        refused = ""
        try:
            award(alice, "by bob")
        except DatabaseError as error:
            refused = str(error)
        with transaction.atomic():
            award(bob, "b:2")
    alice.refresh_from_db()
    bob.refresh_from_db()
    return [first, again], sees, refused, [balance(alice), balance(bob)]


def award_a_batch_under_the_policy() -> Any:
    _, bob = alice_and_bob()
    with bound_by_the_policy(), acting_as(bob):
        results = PointsService.award_many(event(bob, key) for key in ("b:1", "b:2", "b:1"))
    return [result.outcome.value for result in results]


def test_every_entry_is_recorded_as_its_actors(ask: Ask) -> None:
    assert ask(award_as_each) == {**WITNESSED, "b:1!": "alice"}


def test_row_level_security_lets_members_write_their_own_alone(ask: Ask) -> None:
    outcomes, sees, refused, balances = ask(award_under_the_policy)
    assert outcomes == ["awarded", "duplicate"]
    assert sees == 1
    assert "row-level security policy" in refused
    assert balances == [40, 40]


def test_a_batch_works_under_row_level_security(ask: Ask) -> None:
    """PostgreSQL refuses COPY into a table that a policy guards."""
    assert ask(award_a_batch_under_the_policy) == ["awarded", "awarded", "duplicate"]


# The two hooks need no site of their own.


def calls_of(user: Any) -> dict[str, Callable[[], Any]]:
    """Return one of each kind of call that writes, to be made in this order."""
    return {
        "award": lambda: award(user, "q:1"),
        "duplicate": lambda: award(user, "q:1"),
        "award that completes more": lambda: PointsService.award_points(
            user, "daily_login", {"event_key": "login"}
        ),
        "reverse": lambda: PointsService.reverse(user, "q:1", "A mistake"),
        "adjust": lambda: PointsService.adjust(user, 5, "A gift", event_key="gift"),
        "award within a transaction": lambda: transaction.atomic(award)(user, "q:2"),
    }


def warm(user: Any) -> None:
    for number in range(3):
        award(user, f"warm:{number}")


@pytest.mark.django_db(transaction=True)
def test_an_execute_wrapper_sees_every_statement(user: Any, without_listeners: None) -> None:
    warm(user)
    for name, call in calls_of(user).items():
        seen: list[str] = []

        def look(execute: Any, sql: str, *rest: Any, seen: list[str] = seen) -> Any:
            seen.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(look), sent_statements(connection) as sent:
            call()
        assert (name, len(seen)) == (name, len(sent)), f"{seen}\n{sent}"
        assert seen, name


@pytest.mark.django_db(transaction=True)
def test_an_execute_wrapper_that_objects_to_any_statement_undoes_the_award(
    user: Any, without_listeners: None
) -> None:
    def counted(execute: Any, *args: Any) -> Any:
        nonlocal statements
        statements += 1
        if statements == objects_to:
            raise RuntimeError("no")
        return execute(*args)

    warm(user)
    statements, objects_to = 0, 0
    with connection.execute_wrapper(counted):
        award(user, "all")
    many = statements
    for objects_to in range(1, many + 1):
        statements = 0
        with pytest.raises(RuntimeError), connection.execute_wrapper(counted):
            award(user, f"objected:{objects_to}")
    assert award(user, "after").points_awarded == 20
    assert not PointsHistory.objects.filter(event_key__startswith="objected").exists()
    call_command("points_audit", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_a_cursor_factory_sees_every_statement(
    user: Any, without_listeners: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.backends.postgresql.base import Cursor

    seen: list[Any] = []

    class Looking(Cursor):  # type: ignore[misc, valid-type]
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append(query)
            return super().execute(query, *args, **kwargs)

    options = {**connection.settings_dict["OPTIONS"], "cursor_factory": Looking}
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "OPTIONS", options)
        connection.close()
        try:
            warm(user)
            for name, call in calls_of(user).items():
                seen.clear()
                with sent_statements(connection) as sent:
                    call()
                assert (name, len(seen)) == (name, len(sent)), f"{seen}\n{sent}"
            assert connection.connection.cursor_factory is Looking
        finally:
            connection.close()
