"""Time the set-based jobs: python -m benchmarks.jobs [--size N]."""

from benchmarks.commands import cost_of
from benchmarks.databases import own_database
from benchmarks.report import measuring, options_of

MILLION = 1_000_000
# Seconds for a million. The rebuild comes first: the filling leaves it every profile to make.
LIMITS = {"points_audit --rebuild": 120, "points_audit": 60, "assign_circles": 60}


def main() -> None:
    """Fill a ledger, run each job in a process of its own, and report seconds and memory."""
    parser = options_of(__doc__)
    parser.add_argument("--size", type=int, default=MILLION, help="members and entries")
    options = parser.parse_args()
    size = options.size
    with measuring("jobs", save=options.save) as (server, report):
        environment = own_database(server.url, "--fill", str(size), members=size)
        costs = {job: cost_of(environment, *job.split()) for job in LIMITS}
        report.table(
            f"{size:,} members with an entry each",
            ("", "seconds", "of them computing", "peak MB"),
            (
                (job, f"{cost.seconds:.1f}", f"{cost.computing:.1f}", f"{cost.peak:.0f}")
                for job, cost in costs.items()
            ),
        )
        for job, cost in costs.items():
            # A job's start takes its time, however few its members are.
            most = LIMITS[job] * max(size, MILLION) / MILLION
            kept = cost.seconds <= most
            report.promise(kept, f"{job}: {cost.seconds:.1f} s, at most {most:.0f} s")


if __name__ == "__main__":
    main()
