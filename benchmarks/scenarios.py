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
        at_least: the least median ratio of their rates.
        p99_at_most: the most that the median ratio of their p99 may be, instead.
    """

    scenario: str
    contender: str
    against: str
    at_least: float | None = None
    p99_at_most: float | None = None


SINGLE = ("floor", "floor_autocommit", "floor_pgbench", "platform", "typical")
PEERS = ("pinax_points", "django_gamification")
_PEERS_LEAST = (("typical", 5.0), ("pinax_points", 6.0))


def scenarios(*, quick: bool) -> list[Scenario]:
    """Return what a run measures."""
    chosen = []
    for processes in (1, 4) if quick else (1, 2, 4, 8):
        short = ("floor", "platform", "typical") if quick else (*SINGLE, *PEERS)
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


def promises(scenario: Scenario) -> list[Promise]:
    """Return the promises that a scenario can show kept or broken."""
    first = scenario.contenders[0]
    found = [(first, _least(scenario))]
    # On one member not even the floor can: docs/decisions/0021.
    if not scenario.hot:
        found += [(peer, least) for peer, least in _PEERS_LEAST if peer in scenario.contenders[1:]]
    kept = [
        Promise(scenario=scenario.name, contender="platform", against=against, at_least=least)
        for against, least in found
    ]
    if scenario.database == "sqlite" and scenario.processes > 1:
        kept.append(
            Promise(scenario=scenario.name, contender="platform", against=first, p99_at_most=0.25)
        )
    return kept


def _least(scenario: Scenario) -> float:
    """Return what the platform's rate is promised to be of the first contender's."""
    if scenario.database == "sqlite":
        return 3.0 if scenario.batch else 4.0
    if scenario.batch:
        # docs/decisions/0029: the floor is faster without foreign keys, a decision is not.
        return 0.4 if scenario.batch <= 1_000 else 0.25
    return 0.6 if scenario.hot else 0.7


def _count(processes: int) -> str:
    return "1 process" if processes == 1 else f"{processes} processes"
