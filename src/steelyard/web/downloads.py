"""Files to take along: always as an attachment, under a name that any system takes."""

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """Django writes names beyond ASCII the way browsers read them."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def disposition(name: str) -> str:
    """`attachment` with a file name."""
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"
