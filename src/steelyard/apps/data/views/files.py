"""The first steps of an import: files are chosen, looked into, and read as the person says."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.data import actions, queries
from steelyard.apps.data.forms import DatesForm, ReadForm, UploadForm
from steelyard.apps.data.models import Import
from steelyard.apps.data.words import STEPS, readings
from steelyard.apps.jobs.queries import newest_job
from steelyard.apps.jobs.views import actor_of, address
from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits
from steelyard.web.doors import door
from steelyard.web.words import sentence

OPEN = (Import.State.UPLOADED, Import.State.CHECKED)
KINDS = ["data.check", "data.publish", "data.undo"]
form_page = require_http_methods(["GET", "HEAD", "POST"])


@door("data.import")
@form_page
def upload(request: HttpRequest) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, initial=request.GET.dict())
    if refused := getattr(request, "upload_refused", None):
        form.add_error("files", sentence(refused))
    if form.is_bound and form.is_valid():
        try:
            made = take_in(request, form.cleaned_data["files"], form.cleaned_data["table"])
        except Refused as refused:
            form.add_error("files", sentence(refused))
        else:
            return redirect("import_files", made.public_id)
    return render(
        request, "data/upload.html", {"form": form, "limit": Limits.browser().size, "step_names": STEPS}
    )


@door("data.import")
@require_safe
def taken(request: HttpRequest, public_id: str) -> HttpResponse:
    """To the page on which this import stands."""
    chosen = queries.import_seen_by(request.user, public_id)
    working = newest_job(request.user, KINDS, {"public_id": public_id})
    if working is not None and working.is_open:
        return redirect(address(working, after=request.path))
    return redirect("import_columns" if chosen.state == Import.State.UPLOADED else "import_result", public_id)


@door("data.import")
@form_page
def files(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was found in the files; another encoding or sheet reads them again."""
    chosen = queries.import_seen_by(request.user, public_id)
    if chosen.state not in OPEN:
        return redirect("import_result", public_id)
    reading = chosen.mapping.get("read") or {}
    form = ReadForm(given(request, "read"), inspections=chosen.inspections, read=reading)
    dates = DatesForm(given(request, "dates"), inspections=chosen.inspections)
    if form.is_bound and form.is_valid():
        try:
            kept = {key: value for key, value in reading.items() if key not in form.fields}
            actions.look_again(actor_of(request), chosen, kept | form.reading, limits=Limits.browser())
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            return redirect("import_files", public_id)
    if dates.is_bound and dates.is_valid():
        actions.answer_dates(actor_of(request), chosen, dates.answers)
        return redirect("import_columns", public_id)
    return render(
        request,
        "data/files.html",
        {
            "taken": chosen,
            "inspections": [readings.told(each) for each in chosen.inspections],
            "form": form,
            "dates": dates,
            "step_names": STEPS,
        },
    )


@door("data.import")
@require_POST
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    actions.discard(actor_of(request), queries.import_seen_by(request.user, public_id))
    return redirect("data")


def given(request: HttpRequest, form: str) -> Any:
    """What was sent, when it was sent by this form of the page."""
    return request.POST if request.POST.get("form") == form else None


def take_in(request: HttpRequest, uploads: list[UploadedFile], table: str) -> Import:
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            (upload.name or "file", on_disk(upload, Path(folder) / str(n)))
            for n, upload in enumerate(uploads)
        ]
        return actions.take_in(actor_of(request), paths, limits=Limits.browser(), table=table or "all")


def on_disk(upload: UploadedFile, target: Path) -> Path:
    """Small uploads are held in memory; the larger ones lie in a file already."""
    if hasattr(upload, "temporary_file_path"):
        return Path(upload.temporary_file_path())
    with target.open("wb") as file:
        file.writelines(upload.chunks())
    return target
