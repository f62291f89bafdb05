"""Opening what is imported: plain, gzip, zstandard or zip, checked and within bounds."""

import gzip
import hashlib
import io
import sys
import zipfile
from dataclasses import dataclass
from errno import EINVAL
from lzma import LZMAError
from pathlib import Path
from struct import error as StructError  # noqa: N812 - an error by its name
from typing import TYPE_CHECKING, BinaryIO, Protocol
from zlib import error as ZlibError  # noqa: N812 - an error by its name

from schemas.errors import ConfigError

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

_GRACE_BYTES = 64 << 20
_DAMAGED = (
    gzip.BadGzipFile,
    ZlibError,
    LZMAError,
    zstd.ZstdError,
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,  # of zipfile, for a way to compress that it does not know
    ValueError,
    StructError,
)
_NO_ARCHIVE = (zipfile.BadZipFile, RuntimeError, ValueError, OverflowError, EOFError, StructError, OSError)
"""What `zipfile` raises for what is no archive, is encrypted, or is packed by an unknown method."""


class DamagedError(Exception):
    """The rest of the file cannot be read."""


class Content(Protocol):
    """Bytes to read, from whatever unpacks them."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""

    def close(self) -> None:
        """Let go of the file."""


class Bounded(io.RawIOBase):
    """A readable stream that ends in `DamagedError` after `limit` bytes, or where compression is broken.

    A small file can unpack to more than any disk holds; an archive of statements cannot.
    """

    def __init__(self, inner: Content, file: BinaryIO, limit: int) -> None:
        self._inner = inner
        self._file = file
        self._left = limit

    @property
    def position(self) -> int:
        """How many bytes of the file itself have been read."""
        return self._file.tell()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read up to the buffer's length."""
        try:
            data = self._inner.read(len(buffer))
        except _DAMAGED as error:
            raise _damaged(error) from error
        except OSError as error:
            if error.errno in (None, EINVAL):  # so bzip2 and offsets in a zip archive tell of damage
                raise _damaged(error) from error
            raise
        self._left -= len(data)
        if self._left < 0:
            raise DamagedError("it unpacks to far more than such a file should hold")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file behind it too."""
        self._inner.close()
        self._file.close()
        super().close()


def _damaged(error: Exception) -> DamagedError:
    return DamagedError(f"its compression is damaged: {type(error).__name__}")


def content_name(path: Path) -> str:
    """The file's name without its compression: `export.csv` for `export.csv.gz`."""
    return path.stem if path.suffix.lower() in (".gz", ".zst", ".zip") else path.name


def open_source(path: Path, max_ratio: int) -> io.BufferedReader:
    """The content, unpacked. It may be `max_ratio` times as large as the file, and 64 MiB in any case.

    Raises `ConfigError` for a file that cannot be opened, and for a zip archive of several files.
    """
    try:
        limit = max(_GRACE_BYTES, path.stat().st_size * max_ratio)
        file = path.open("rb")
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error}"]) from error
    try:
        return io.BufferedReader(Bounded(_unpacked(file, path), file, limit), 1 << 16)
    except ConfigError:
        file.close()
        raise


def _unpacked(file: BinaryIO, path: Path) -> Content:
    match path.suffix.lower():
        case ".gz":
            return gzip.GzipFile(fileobj=file)
        case ".zst":
            return zstd.ZstdFile(file)
        case ".zip":
            return _only_member(file, path)
        case _:
            return file


def _only_member(file: BinaryIO, path: Path) -> Content:
    try:
        archive = zipfile.ZipFile(file)
        named = [member for member in archive.infolist() if member.filename]  # without a name it is no file
        members = [member for member in named if not member.filename.endswith("/")]
        if len(members) == 1:
            return archive.open(members[0])
    except _NO_ARCHIVE as error:
        raise _not_unpacked(path, error) from error
    raise ConfigError(str(path), [f"an archive must hold one file; this one holds {len(members)}"])


def _not_unpacked(path: Path, error: Exception) -> ConfigError:
    return ConfigError(str(path), [f"cannot be unpacked: {error}"])


@dataclass(frozen=True, slots=True)
class Identity:
    """The file's SHA-256, and whether a manifest beside it says the same."""

    digest: str
    verified: bool


def identify(path: Path) -> Identity:
    """The identity of the file; its manifest is `FILE.sha256`, as `sha256sum` writes it.

    Raises `ConfigError` if the file cannot be read, or is not the one that the manifest was made of.
    """
    manifest = path.with_name(f"{path.name}.sha256")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        wanted = manifest.read_text(encoding="utf-8").split() if manifest.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"cannot be read: {error}"]) from error
    if wanted is not None and wanted[:1] != [digest]:
        raise ConfigError(str(path), [f"its SHA-256 is not the one in {manifest.name}"])
    return Identity(digest, wanted is not None)
