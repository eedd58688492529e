"""The data folder: where it is, and the secret key that is made in it once."""

import os
import secrets
from pathlib import Path


def data_folder() -> Path:
    """STEELYARD_DATA, or ./var."""
    return Path(os.environ.get("STEELYARD_DATA") or "var").resolve()


def secret_key(folder: Path) -> str:
    """The site's own key: from STEELYARD_SECRET_KEY, else from the folder, made on the first start."""
    if given := os.environ.get("STEELYARD_SECRET_KEY"):
        return given
    path = folder / "secret.key"
    if not path.exists():
        write_new_key(path)
    return path.read_text(encoding="ascii").strip()


def write_new_key(path: Path) -> None:
    """Write whole and link into place: two processes that start together end with the same key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".secret.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # the other process was first, and its key counts
    finally:
        draft.unlink()
