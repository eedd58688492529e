"""Somebody's browser on the pages of an import."""

import io
from dataclasses import dataclass
from typing import Any

CSV = """Opportunity ID,Owner,Stage,Close Date,Amount,Hue
O-1,Lin Yue,Won,2026-01-31,1000,red
O-2,Lin Yue,Lost,2026-02-28,250.5,blue
O-3,Mate,Engaging,,,red
"""


@dataclass
class Wizard:
    """Somebody's browser on the pages of an import."""

    client: Any

    def upload(self, *files: tuple[str, str | bytes], **fields: str) -> str:
        """The address of the import that the upload made, without its last part."""
        answer = self.client.post("/data/import/", {"files": [named(*each) for each in files], **fields})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"]).removesuffix("files/")

    def form(self, address: str) -> dict[str, str]:
        """What the form of the columns would send as it stands."""
        form = self.client.get(f"{address}columns/").context["form"]
        return {name: form.value(name) for name in form.fields}

    def place(self, address: str, header: str) -> int:
        form = self.client.get(f"{address}columns/").context["form"]
        return next(place for place, each in enumerate(form.columns) if each.name == header)

    def send(self, address: str, **changed: str) -> Any:
        fields = {name.replace("_", "-", 1): value for name, value in changed.items()}
        return self.client.post(f"{address}columns/", self.form(address) | {"source": "crm"} | fields)

    def follow(self, answer: Any) -> Any:
        """Let the job be worked on, and go where it leads."""
        from steelyard.apps.jobs.actions import run_queued

        assert answer.status_code == 302
        assert answer["Location"].startswith("/jobs/")
        run_queued()
        return self.client.get(answer["Location"], follow=True)

    def check(self, address: str) -> Any:
        return self.follow(self.send(address, do="check"))

    def commit(self, address: str) -> Any:
        return self.follow(self.client.post(f"{address}commit/"))


def named(name: str, content: str | bytes) -> io.BytesIO:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return file
