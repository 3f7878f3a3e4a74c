"""The lake: immutable versions of checked tables, visible only when they are whole.

A folder for each source holds ``versions/<id>/`` with ``observations-0.parquet``
(and ``observations-1.parquet`` where needed), ``rejected.parquet`` and
``manifest.json``, and one file ``register.json`` that names the versions and the
current one. A version is written aside, checked, renamed, and then registered by
replacing ``register.json`` in one step. What is not registered does not exist, and
is removed by the next import.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from commonlight.sources.errors import LakeBusyError, LakeError
from commonlight.sources.rejects import REJECTED_SCHEMA

__all__ = ["Draft", "Lake", "Version"]

_REGISTER = "register.json"
_MANIFEST = "manifest.json"
_REJECTED = "rejected.parquet"
_DRAFT = ".draft"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Version:
    """One registered version of one source.

    Parameters
    ----------
    name, id : str
        The source and the version.
    path : Path
        Its folder, never changed after registration.
    manifest : dict
        What was imported, how, and what came of it.
    """

    name: str
    id: str
    path: Path
    manifest: dict[str, Any]

    @property
    def schema(self) -> pa.Schema:
        """Columns of the observations, with their meaning."""
        return _in_seconds(pq.read_schema(self._parts()[0]))

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All observations, or the columns named, in memory."""
        chosen = None if columns is None else list(columns)
        parts = [pq.read_table(part, columns=chosen) for part in self._parts()]
        table = pa.concat_tables(parts).unify_dictionaries()
        return table.cast(_in_seconds(table.schema))

    def batches(
        self, columns: Sequence[str] | None = None, *, batch_size: int = 65536
    ) -> Iterator[pa.RecordBatch]:
        """The observations in pieces, for tables that do not fit in memory."""
        chosen = None if columns is None else list(columns)
        for part in self._parts():
            with pq.ParquetFile(part) as file:
                for batch in file.iter_batches(batch_size=batch_size, columns=chosen):
                    yield batch.cast(_in_seconds(batch.schema))

    def rejected(self) -> pa.Table:
        """The rejected records: file, row, column, value and reason."""
        return pq.read_table(self.path / _REJECTED, schema=REJECTED_SCHEMA)

    def verify(self) -> None:
        """Compare every file with the digest in the manifest.

        Raises
        ------
        LakeError
            If a file is missing or was changed.
        """
        for entry in self.manifest["files"]:
            path = self.path / entry["name"]
            if not path.is_file() or _sha256(path) != entry["sha256"]:
                raise LakeError(
                    f"{path} is not the file that was registered for {self.name} {self.id}; "
                    "import the source again"
                )

    def _parts(self) -> list[Path]:
        parts = [self.path / entry["name"] for entry in self.manifest["files"]]
        return [part for part in parts if part.name != _REJECTED]


def _in_seconds(schema: pa.Schema) -> pa.Schema:
    """The schema as it was written: Parquet has no times in seconds and keeps milliseconds."""
    fields = [
        field.with_type(pa.timestamp("s")) if field.type == pa.timestamp("ms") else field
        for field in schema
    ]
    return pa.schema(fields)


class Lake:
    """A folder of sources, each with its versions.

    Parameters
    ----------
    root : Path or str
        The folder; it need not exist before the first import.

    Examples
    --------
    >>> Lake("no-such-folder").names()
    ()
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def names(self) -> tuple[str, ...]:
        """Sources that have a registered version, in order of the alphabet."""
        return tuple(sorted(path.parent.name for path in self.root.glob(f"*/{_REGISTER}")))

    def versions(self, name: str) -> tuple[str, ...]:
        """Registered versions of a source, oldest first; empty where there is none."""
        return tuple(self._register(name)["versions"])

    def open(self, name: str, version: str | None = None) -> Version:
        """A registered version; None = the current one.

        Raises
        ------
        LakeError
            If there is no such source or version.
        """
        register = self._register(name)
        chosen = register["current"] if version is None else version
        if chosen not in register["versions"]:
            known = ", ".join(register["versions"]) or "none"
            wanted = "version" if version is None else f"version {version}"
            raise LakeError(f"{self.root} has no {wanted} of {name!r}; versions: {known}")
        path = self.root / name / "versions" / chosen
        return Version(name, chosen, path, json.loads((path / _MANIFEST).read_text()))

    @contextmanager
    def draft(self, name: str) -> Iterator[Draft]:
        """A place to write the next version aside; leftovers of killed imports are removed.

        Raises
        ------
        LakeError
            If the name is no folder name, or another import of this source is running.
        """
        if not _NAME.fullmatch(name):
            raise LakeError(
                f"the name of a source may hold letters, digits, '.', '_' and '-'; got {name!r}"
            )
        home = self.root / name
        (home / "versions").mkdir(parents=True, exist_ok=True)
        with _locked(home):
            self._clean(name)
            folder = home / _DRAFT
            folder.mkdir()
            try:
                yield Draft(self, name, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                self._forget(name)

    def forget(self, name: str, version: str) -> bool:
        """Remove an old version of a source: first from the register, then its files.

        Parameters
        ----------
        name, version : str
            The source and the version; never the current one.

        Returns
        -------
        bool
            False where there was no such version.

        Raises
        ------
        LakeError
            If the version is the current one, or an import of this source is running.
        """
        if version not in self.versions(name):
            return False
        home = self.root / name
        with _locked(home):
            register = self._register(name)
            if version == register["current"]:
                raise LakeError(f"version {version} of {name!r} is the current one; it stays")
            left = [one for one in register["versions"] if one != version]
            Draft._announce(home, {"current": register["current"], "versions": left})
            shutil.rmtree(home / "versions" / version, ignore_errors=True)
        return True

    def forget_source(self, name: str) -> bool:
        """Remove a source with all its versions.

        Returns
        -------
        bool
            False where there was no such source.

        Raises
        ------
        LakeError
            If an import of this source is running, or the name is no folder name.
        """
        if not _NAME.fullmatch(name):
            raise LakeError(f"{name!r} is not the name of a source")
        home = self.root / name
        if not home.is_dir():
            return False
        with _locked(home):
            (home / _REGISTER).unlink(missing_ok=True)
            shutil.rmtree(home, ignore_errors=True)
        return True

    def _forget(self, name: str) -> None:
        """Leave no trace of a source without a version, nor of a lake without a source."""
        home = self.root / name
        if (home / _REGISTER).exists() or any((home / "versions").iterdir()):
            return
        (home / "versions").rmdir()
        (home / ".lock").unlink()
        with suppress(OSError):
            home.rmdir()
            self.root.rmdir()

    def _clean(self, name: str) -> None:
        """Remove what killed imports left behind; registered versions are not touched."""
        home = self.root / name
        shutil.rmtree(home / _DRAFT, ignore_errors=True)
        (home / f"{_REGISTER}.new").unlink(missing_ok=True)
        registered = set(self.versions(name))
        for path in (home / "versions").iterdir():
            if path.name not in registered:
                shutil.rmtree(path)

    def _register(self, name: str) -> dict[str, Any]:
        path = self.root / name / _REGISTER
        if not path.is_file():
            return {"current": None, "versions": []}
        register: dict[str, Any] = json.loads(path.read_text())
        return register


@dataclass(frozen=True)
class Draft:
    """A version that is being written, in `folder`, and that nobody sees yet."""

    lake: Lake
    name: str
    folder: Path

    def register(self, manifest: dict[str, Any]) -> tuple[Version, bool]:
        """Check the files, move them to their place and make the version the current one.

        Parameters
        ----------
        manifest : dict
            With ``observations`` and ``rejected``, the rows the files must hold. ``id``,
            ``files`` and ``content_digest`` are added.

        Returns
        -------
        version : Version
            The new version; or the current one, where its content is the same.
        is_new : bool
            False where the current version has the same content.

        Raises
        ------
        LakeError
            If the files do not hold the rows that were counted.
        """
        files = [_entry(path) for path in sorted(self.folder.glob("*.parquet"))]
        _check_rows(files, manifest)
        content = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        known = self.lake.versions(self.name)
        if known:
            current = self.lake.open(self.name)
            if _same(current.manifest, content, manifest):
                return current, False
        last = max((int(version.partition("-")[0]) for version in known), default=0)
        identifier = f"{last + 1:04d}-{content[:8]}"
        whole = {"id": identifier, **manifest, "content_digest": content, "files": files}
        self._write(_MANIFEST, whole)
        _sync_all(self.folder)
        home = self.folder.parent
        self.folder.rename(home / "versions" / identifier)
        _sync(home / "versions")
        self._announce(home, {"current": identifier, "versions": [*known, identifier]})
        return self.lake.open(self.name), True

    def _write(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, indent=1, ensure_ascii=False, default=_plain)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def _announce(home: Path, register: dict[str, Any]) -> None:
        """The one step that makes a version visible."""
        aside = home / f"{_REGISTER}.new"
        aside.write_text(json.dumps(register, indent=1) + "\n")
        _sync(aside)
        os.replace(aside, home / _REGISTER)  # noqa: PTH105
        _sync(home)


def _plain(value: Any) -> Any:
    """A number of numpy as a number, anything else that JSON does not know as text."""
    return value.item() if hasattr(value, "item") else str(value)


def _same(old: dict[str, Any], content: str, new: dict[str, Any]) -> bool:
    """Whether a version was made from the same bytes in the same way."""
    keys = ("input_digest", "library_version")
    return old["content_digest"] == content and all(old.get(k) == new.get(k) for k in keys)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the folder of a source; the lock goes with the process, however it ends."""
    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LakeBusyError(
                f"another import into {home} is running; wait until it has ended"
            ) from error
        yield


def _entry(path: Path) -> dict[str, Any]:
    rows = pq.read_metadata(path).num_rows
    size = path.stat().st_size
    return {"name": path.name, "rows": rows, "bytes": size, "sha256": _sha256(path)}


def _check_rows(files: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    rejected = sum(entry["rows"] for entry in files if entry["name"] == _REJECTED)
    observations = sum(entry["rows"] for entry in files) - rejected
    if (observations, rejected) != (manifest["observations"], manifest["rejected"]):
        raise LakeError(
            f"the files hold {observations} observations and {rejected} rejected rows, "
            f"counted were {manifest['observations']} and {manifest['rejected']}; "
            "nothing was registered"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_all(folder: Path) -> None:
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
