"""Where checkpoints are kept: a file, or a storage of Django's."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import InvalidStorageError, storages
from django.core.management.base import CommandError, CommandParser

from thrive_points.exceptions import InvalidCheckpoint, ProofKeyMissing
from thrive_points.ledger.checkpoint import Checkpoint, read


def add_storage(parser: CommandParser) -> None:
    """Add the option that says where names of checkpoints are looked up."""
    parser.add_argument(
        "--storage",
        metavar="ALIAS",
        help="An alias of STORAGES that checkpoints are kept in; without it they are files.",
    )


@contextmanager
def kept(name: str, storage: str | None) -> Iterator[Checkpoint]:
    """Yield the checkpoint of a name, its signature proved, for a block.

    Raises:
        CommandError: there is none, or it is not what it should be.
    """
    try:
        with _opened(name, storage) as lines, read(lines) as checkpoint:
            yield checkpoint
    except FileNotFoundError as error:
        raise CommandError(f"There is no checkpoint {name}: {error}") from error
    except (InvalidCheckpoint, ProofKeyMissing) as error:
        raise CommandError(f"{name}: {error}.") from error


@contextmanager
def keeping(name: str, storage: str | None) -> Iterator[IO[bytes]]:
    """Yield a file to write a checkpoint to, which gets its name when the block ends well.

    Raises:
        CommandError: there is something of that name.
    """
    exists = _storage(storage).exists(name) if storage else Path(name).exists()
    if exists:
        raise CommandError(
            f"{name} exists; a checkpoint is never overwritten. Choose another name."
        )
    folder = None if storage else Path(name).absolute().parent
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            yield file
            file.flush()
            if storage:
                file.seek(0)
                _storage(storage).save(name, File(file))
            else:
                os.fsync(file.fileno())
                os.link(file.name, name)
        finally:
            os.unlink(file.name)


def _opened(name: str, storage: str | None) -> Any:
    return _storage(storage).open(name, "rb") if storage else Path(name).open("rb")


def _storage(alias: str) -> Any:
    try:
        return storages[alias]
    except InvalidStorageError as error:
        raise CommandError(str(error)) from error
