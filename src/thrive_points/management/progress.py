"""A progress bar for long commands: tqdm on a terminal, one plain line in a log or without it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(total: int | None, what: str) -> Iterator[Callable[[int], object]]:
    """Show how far a job has come; yield the function to call with what was done since.

    Args:
        total: how much there is to do; None if that is not known.
        what: unit and job in a word or two, such as "members placed".
    """
    # Standard error, since a command's output may be piped.
    stream = sys.stderr
    bar_class = _tqdm() if stream.isatty() else None
    if bar_class is not None:
        with bar_class(
            total=total, desc=what, file=stream, unit_scale=True, dynamic_ncols=True
        ) as bar:
            yield bar.update
        return
    done = 0

    def advance(count: int = 1) -> None:
        nonlocal done
        done += count

    yield advance
    of = f" of {total:,}" if total is not None else ""
    print(f"{done:,}{of} {what}", file=stream)


def _tqdm() -> type | None:
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm
