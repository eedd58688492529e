"""Stands before every upload: nobody fills the disk without an account, nor with one file too large."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits


class Guard(FileUploadHandler):
    """A file that passes the limit is not kept; the request remembers why as `upload_refused`."""

    limit = Limits.browser().size
    request: Any

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > self.limit:
            size = int(self.request.META.get("CONTENT_LENGTH") or self.seen)
            told = {"file": self.file_name, "size": size, "limit": self.limit}
            self.request.upload_refused = Refused("import.file-too-large", 413, **told)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
