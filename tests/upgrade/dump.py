"""Store a dump of this release, schema and data: python -m tests.upgrade.dump

It holds three weeks of a small site (story.py), for each database, and lies in dumps/<version>/.
Every later release is tested to lead on from there. Make it anew whenever a migration that has not
landed changes; once the release has landed (frozen.toml), its dump stays as it is.
"""

import sys
import tempfile
from pathlib import Path

from tests.support.postgres import database_url
from tests.upgrade.databases import VENDORS, do, dump, empty_database
from tests.upgrade.freeze import recorded
from thrive_points import __version__

DUMPS = Path(__file__).with_name("dumps")


def stored(vendor: str) -> dict[str, Path]:
    """Return the dumps of a database's kind by version."""
    return {path.parent.name: path for path in sorted(DUMPS.glob(f"*/{vendor}.sql"))}


def main() -> str | None:
    """Store the dumps of today's version; return what is wrong."""
    of_today = recorded().get(__version__)
    if of_today is None:
        return f"{__version__} has no migration of its own: python -m tests.upgrade.freeze first."
    if of_today["landed"]:
        return f"{__version__} has landed: its dump never changes. Raise the version first."
    database_url()
    for vendor in VENDORS:
        with (
            tempfile.TemporaryDirectory() as folder,
            empty_database(Path(folder), vendor) as database,
        ):
            do("migrate", "story", database=database)
            path = DUMPS / __version__ / f"{vendor}.sql"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dump(database), encoding="utf-8")
            print(f"{path.relative_to(DUMPS.parent)}: {path.stat().st_size:,} bytes")
    return None


if __name__ == "__main__":
    sys.exit(main())
