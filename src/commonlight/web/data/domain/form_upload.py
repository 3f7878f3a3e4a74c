"""A file sent by a plain form: straight to the workspace's disk, and never more than allowed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from commonlight.web.runs.failures import is_disk_full

__all__ = ["DiskUploadHandler", "ReceivedFile"]

ROOM_FOR_FIELDS = 2**20


class ReceivedFile(UploadedFile):
    """A file that lies on the disk already."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(None, name, size=size)
        self.path = path


class DiskUploadHandler(FileUploadHandler):
    """Writes each piece to a file of its own; stops reading at the limit."""

    def __init__(self, request: Any, *, folder: Path, limit: int) -> None:
        super().__init__(request)
        self.folder, self.limit = folder, limit
        self.path: Path | None = None
        self.is_too_large = False
        self.is_full = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Do not even begin with a request that says it is too large."""
        if content_length > self.limit + ROOM_FOR_FIELDS:
            self.is_too_large = True
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a file for what follows."""
        super().new_file(*args, **kwargs)
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="form-", dir=self.folder)
        self.path = Path(name)
        self.stream = open(descriptor, "wb")  # noqa: PTH123, SIM115
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what came."""
        if self.written + len(raw_data) > self.limit:
            self.is_too_large = True
            self.upload_interrupted()
            raise StopUpload(connection_reset=True)
        with self._room():
            self.stream.write(raw_data)
        self.written += len(raw_data)

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        """The whole file is there."""
        if self.path is None:
            return None
        with self._room():
            self.stream.close()
        return ReceivedFile(self.path, self.file_name or "", file_size)

    def upload_interrupted(self) -> None:
        """The connection went away: nothing is kept."""
        if self.path is not None:
            with suppress(OSError):
                self.stream.close()
            self.path.unlink(missing_ok=True)

    @contextmanager
    def _room(self) -> Iterator[None]:
        """A disk that is full ends the reading, and leaves nothing."""
        try:
            yield
        except OSError as error:
            if not is_disk_full(error):
                raise
            self.is_full = True
            self.upload_interrupted()
            raise StopUpload(connection_reset=True) from error
