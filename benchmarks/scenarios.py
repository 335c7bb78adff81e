"""What is run beside what, and what is promised of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Contenders that take turns under the same conditions.

    Args:
        name: what the report calls it.
        database: postgresql or sqlite.
        contenders: in turn; the first one is what the others are measured against.
        processes: how many award at once.
        hot: all of them award one member.
        batch: events a transaction, 0 for one by one.
        least_seconds: of a turn. It has to be longer than the waits it is to tell.
    """

    name: str
    database: str
    contenders: tuple[str, ...]
    processes: int
    hot: bool = False
    batch: int = 0
    least_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A ratio of rates, or of the p99 of waits, that a scenario must keep.

    Args:
        scenario: its name.
        contender, against: whose rate is divided by whose.
        at_least: the least median ratio; for p99 the most is `at_most`.
    """

    scenario: str
    contender: str
    against: str
    at_least: float | None = None
    p99_at_most: float | None = None


_SINGLE = ("floor", "floor_autocommit", "floor_pgbench", "platform", "platform_portable", "typical")
_PEERS = ("pinax_points", "django_gamification")


def scenarios(*, quick: bool) -> list[Scenario]:
    """Return what a run measures."""
    chosen = []
    for processes in (1, 4) if quick else (1, 2, 4, 8):
        short = ("floor", "platform", "typical") if quick else (*_SINGLE, *_PEERS)
        for hot in (False,) if quick else (False, True):
            chosen.append(
                Scenario(
                    name=f"PostgreSQL, {_count(processes)}, {'one member' if hot else 'spread'}",
                    database="postgresql",
                    contenders=short,
                    processes=processes,
                    hot=hot,
                )
            )
    for size in (1_000,) if quick else (1_000, 10_000):
        chosen.append(
            Scenario(
                name=f"PostgreSQL, batches of {size:,}",
                database="postgresql",
                contenders=("floor", "platform"),
                processes=1,
                batch=size,
            )
        )
    for processes in (1,) if quick else (1, 4):
        chosen.append(
            Scenario(
                name=f"SQLite, {_count(processes)}, spread",
                database="sqlite",
                contenders=("typical", "platform"),
                processes=processes,
                least_seconds=2.0 if processes > 1 else 0.0,
            )
        )
    chosen.append(
        Scenario(
            name="SQLite, batches of 1,000",
            database="sqlite",
            contenders=("platform_one_by_one", "platform"),
            processes=1,
            batch=1_000,
        )
    )
    return chosen


def promises(chosen: list[Scenario]) -> list[Promise]:
    """Return the promises that the scenarios of a run can show kept or broken."""
    kept = []
    for one in chosen:
        name = one.name
        if one.database == "sqlite":
            against = one.contenders[0]
            least = 3.0 if one.batch else 4.0
            kept.append(
                Promise(scenario=name, contender="platform", against=against, at_least=least)
            )
            if one.processes > 1:
                kept.append(
                    Promise(scenario=name, contender="platform", against=against, p99_at_most=0.25)
                )
            continue
        least = 0.5 if one.batch else 0.6
        kept.append(Promise(scenario=name, contender="platform", against="floor", at_least=least))
        for slower in ("typical", "pinax_points"):
            # On one member not even the floor can: docs/decisions/0021.
            if slower in one.contenders and not one.hot:
                kept.append(
                    Promise(scenario=name, contender="platform", against=slower, at_least=6.0)
                )
    return kept


def _count(processes: int) -> str:
    return "1 process" if processes == 1 else f"{processes} processes"
