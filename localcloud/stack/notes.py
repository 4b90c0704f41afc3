"""What an `up` of a local stack leaves for the next command: which engine it used, which cloud it met."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from localcloud.stack.home import LocalHome


class StackNote(BaseModel):
    """One stack's note.

    `generation` is that of the cloud (see `localcloud.supervisor.record`) which the stack's state was
    written from; another one means that the cloud may hold less than the state says. `engine` is the
    directory of the `pulumi` used.
    """

    model_config = ConfigDict(frozen=True)

    generation: str = ""
    engine: str = ""

    def engine_directory(self) -> Path | None:
        """Return the engine's directory if it still holds one."""
        directory = Path(self.engine) if self.engine else None
        return directory if directory is not None and (directory / "pulumi").is_file() else None


def read_note(stack: str, home: LocalHome) -> StackNote:
    """Return the note of a stack; one that is missing or unreadable is empty."""
    try:
        return StackNote.model_validate_json(home.note(stack).read_bytes())
    except (FileNotFoundError, ValidationError):
        return StackNote()


def write_note(stack: str, home: LocalHome, note: StackNote) -> None:
    """Replace the note of a stack."""
    path = home.note(stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(note.model_dump_json())
    temporary.replace(path)
