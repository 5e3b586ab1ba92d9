"""The reference architecture of a case as a file in `diagrams/`: drawn by `build`, checked for drift."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casebook.design import cases, load_case
from casebook.show.sketching import architecture_svg


@dataclass(frozen=True, slots=True)
class _FirstOwner:
    """A stand-in for a note: the function that the palette names first for a slot."""

    slot: str
    owner: str


def reference_picture(case_id: str) -> str:
    """The case's reference design as one SVG with its icons; owners are the first that the palette suggests.

    No load is drawn: it depends on a scenario, and the file may not change when a price or a volume does.
    """
    case = load_case(case_id)
    owners = [_FirstOwner(slot.id, slot.owner_kinds[0]) for slot in case.data.slots if slot.owner_kinds]
    return architecture_svg(case.reference, None, owners) + "\n"


def write_references(folder: Path) -> tuple[Path, ...]:
    """Write `<case>.svg` for every case into `folder`; files that are right already are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for case_id in cases():
        path, picture = folder / f"{case_id}.svg", reference_picture(case_id)
        if not path.is_file() or path.read_text("utf-8") != picture:
            path.write_text(picture, "utf-8", newline="\n")
        written.append(path)
    return tuple(written)


def drifted_references(folder: Path) -> tuple[str, ...]:
    """Ids of the cases whose file in `folder` is missing or not what would be drawn now."""
    return tuple(
        case_id
        for case_id in cases()
        if not (folder / f"{case_id}.svg").is_file()
        or (folder / f"{case_id}.svg").read_text("utf-8") != reference_picture(case_id)
    )
