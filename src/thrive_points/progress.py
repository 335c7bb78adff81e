"""A progress bar for long commands: tqdm where it is installed, plain lines elsewhere."""

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
    try:
        from tqdm import tqdm
    except ImportError:
        done = 0

        def advance(count: int = 1) -> None:
            nonlocal done
            done += count

        yield advance
        of = f" of {total}" if total is not None else ""
        print(f"{done}{of} {what}", file=stream)
        return
    with tqdm(total=total, desc=what, file=stream, unit_scale=True, dynamic_ncols=True) as bar:
        yield bar.update
