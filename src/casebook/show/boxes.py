"""What the architecture picture shows, before it has coordinates: boxes, arrows and groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """One part of the design. `owner` None means nobody named one; `load` is a share of 1, None unknown."""

    slot: str
    slot_title: str
    title: str
    icon: str
    group: str
    replicas: int = 1
    owner: str | None = None
    load: float | None = None
    bottleneck: bool = False
    exotic: bool = False
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one slot to another; kind is request, async, feedback or data."""

    src: str
    dst: str
    kind: str = "request"


@dataclass(frozen=True, slots=True)
class Sketch:
    """A whole picture; `groups` are (id, title) in the order in which they are drawn."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    groups: tuple[tuple[str, str], ...]

    def summary(self) -> str:
        """The picture in words, for people who hear it rather than see it."""
        if not self.boxes:
            return "The design has no parts yet."
        titles = {box.slot: box.title for box in self.boxes}
        lines = [f"{len(self.boxes)} parts."]
        for box in self.boxes:
            times = f", {box.replicas} of them" if box.replicas > 1 else ""
            owner = f"owned by {box.owner}" if box.owner else "owned by nobody"
            load = "" if box.load is None else f", busy {box.load:.0%} of the time"
            worst = ", the bottleneck" if box.bottleneck else ""
            lines.append(f"{box.slot_title}: {box.title}{times}, {owner}{load}{worst}.")
        words = {
            "request": "passes requests to",
            "async": "sends, without waiting, to",
            "feedback": "feeds back to",
            "data": "gives data to",
            "overflow": "hands what it cannot take to",
            "fanout": "asks at the same time as its others",
        }
        for arrow in self.arrows:
            if arrow.src in titles and arrow.dst in titles:
                lines.append(
                    f"{titles[arrow.src]} {words.get(arrow.kind, 'is linked to')} {titles[arrow.dst]}."
                )
        return " ".join(lines)
