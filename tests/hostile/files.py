"""Bad files: what is broken before anybody looks at a cell, and what lies beside the notebook."""

from __future__ import annotations

import io
import json
import os
import zipfile

from tests.cohort.people import ASSIGNMENT
from tests.hostile.kind import Notebook, Scene, kind

MB = 1_000_000


def with_output(notebook: Notebook, text: str) -> Notebook:
    """The notebook with ``text`` as the output of its first code cell."""
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    return notebook


@kind("empty file", "to be dropped without a mark", "refused", reason="The file is empty")
def empty_file(scene: Scene) -> None:
    scene.write(b"")


@kind("file cut short", "to stop the reader half-way", "refused", reason="it stops being a notebook at line")
def cut_short(scene: Scene) -> None:
    text = json.dumps(scene.strong())
    scene.write(text[: len(text) // 2])


@kind("bytes that are no text", "to break the decoder", "refused", reason="not valid UTF-8")
def not_text(scene: Scene) -> None:
    scene.write(json.dumps(scene.strong()).encode() + b"\xff\xfe\x80")


@kind("UTF-16", "to be read as something else", "refused", reason="not valid UTF-8")
def utf_16(scene: Scene) -> None:
    scene.write(json.dumps(scene.strong()).encode("utf-16"))


@kind("byte-order mark", "to break the parser at the first byte")
def byte_order_mark(scene: Scene) -> None:
    scene.write(b"\xef\xbb\xbf" + json.dumps(scene.strong()).encode())


@kind("zip bomb as the notebook", "to fill memory when it is unpacked", "refused", reason="not valid UTF-8")
def zip_bomb(scene: Scene) -> None:
    scene.write(bomb())


@kind("zip bomb beside the notebook", "to be unpacked or copied on")
def zip_beside(scene: Scene) -> None:
    scene.write(scene.strong())
    (scene.folder / "attachment.zip").write_bytes(bomb())


def bomb() -> bytes:
    """A zip of a few kilobytes that holds 200 MB, and a path that leaves its folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        with file.open("zeros", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(MB))
        file.writestr("../../../owned", "owned")
    return out.getvalue()


@kind("JSON 100,000 levels deep", "to overflow the parser's stack", "refused", reason="deeper than any notebook")
def deep_json(scene: Scene) -> None:
    scene.write("[" * 100_000 + "]" * 100_000)


@kind("metadata 200 levels deep", "to overflow whoever walks it later", "refused", reason="levels deep")
def deep_metadata(scene: Scene) -> None:
    notebook = scene.strong()
    inner: dict[str, object] = {}
    for _ in range(200):
        inner = {"a": inner}
    scene.write(notebook | {"metadata": notebook["metadata"] | inner})


@kind("100 MB file", "to fill memory at the door", "refused", reason="40 MB is the limit")
def hundred_megabytes(scene: Scene) -> None:
    scene.write(scene.strong())
    os.truncate(scene.path, 100 * MB)


@kind("30 MB of output", "to make the graded notebook as large as itself")
def much_output(scene: Scene) -> None:
    scene.write(with_output(scene.strong(), "x" * 30 * MB))


@kind("NaN and Infinity in the JSON", "to poison numbers on their way", "refused", reason="a number that no notebook")
def nan_json(scene: Scene) -> None:
    notebook = scene.strong()
    notebook["metadata"]["points"] = [float("nan"), float("inf"), float("-inf")]
    scene.write(notebook)


@kind("a number of 5,000 digits", "to cost time when it is parsed", "refused", reason="a number that no notebook")
def many_digits(scene: Scene) -> None:
    scene.write(json.dumps(scene.strong()).replace('"nbformat": 4', f'"x": {"9" * 5000}, "nbformat": 4'))


@kind("nbformat 3", "to be accepted without anything in it being graded", "refused", reason="format 3")
def format_3(scene: Scene) -> None:
    notebook = scene.strong()
    scene.write({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": notebook["cells"]}]})


@kind("nbformat of another type", "to pass a careless comparison", "refused", reason="format")
def format_true(scene: Scene) -> None:
    scene.write(scene.strong() | {"nbformat": [4]})


@kind("no cells", "to abort whoever loops over them", "refused", reason="no list of cells")
def no_cells(scene: Scene) -> None:
    scene.write(scene.strong() | {"cells": {"0": scene.strong()["cells"]}})


@kind("20,000 cells", "to cost time cell by cell", "refused", reason="2000 is the limit")
def many_cells(scene: Scene) -> None:
    notebook = scene.strong()
    notebook["cells"] += [{"cell_type": "raw", "metadata": {}, "source": ""}] * 20_000
    scene.write(notebook)


@kind("a cell that is no cell", "to raise in the middle of the batch", "refused", reason="is not a cell")
def not_a_cell(scene: Scene) -> None:
    notebook = scene.strong()
    notebook["cells"].insert(2, ["cell_type", "code"])
    scene.write(notebook)


@kind("source that is no text", "to raise in the middle of the batch", "refused", reason="is not text")
def not_a_source(scene: Scene) -> None:
    notebook = scene.strong()
    notebook["cells"][2]["source"] = {"toString": "answer"}
    scene.write(notebook)


@kind("keys that stand twice", "to show one reader a notebook and another one a different one")
def double_keys(scene: Scene) -> None:
    text = json.dumps(scene.strong())
    scene.write('{"cells": [], "nbformat": 3, ' + text[1:])


@kind("notebook is a link to the judge's values", "to have them shown in its own feedback", "refused", reason="a link")
def link_to_judge(scene: Scene) -> None:
    scene.path.symlink_to(scene.course / "autograde" / "judge" / f"{ASSIGNMENT}.yaml")


@kind("notebook is a link to a neighbour's", "to be graded for another's work", "refused", reason="a link")
def link_to_neighbour(scene: Scene) -> None:
    scene.path.symlink_to(neighbour(scene) / f"{ASSIGNMENT}.ipynb")


@kind("folder is a link to a neighbour's", "to be graded for another's work", "refused", reason="is a link")
def folder_link(scene: Scene) -> None:
    scene.folder.rmdir()
    scene.folder.symlink_to(neighbour(scene), target_is_directory=True)


def neighbour(scene: Scene) -> object:
    return scene.course / "autograde" / "submitted" / "a-good" / ASSIGNMENT


@kind("notebook is a pipe", "to make the reader wait forever", "refused", reason="not an ordinary file")
def pipe(scene: Scene) -> None:
    os.mkfifo(scene.path)


@kind("notebook is a folder", "to raise where a file is expected", "refused", reason="not an ordinary file")
def folder(scene: Scene) -> None:
    scene.path.mkdir()


@kind("links and .. beside the notebook", "to have other people's files copied into its own graded folder")
def links_beside(scene: Scene) -> None:
    scene.write(scene.strong())
    (scene.folder / "passwords").symlink_to("/etc/passwd")
    (scene.folder / "all").symlink_to(scene.course / "autograde")
    (scene.folder / "loop").symlink_to(".")
    (scene.folder / "secret.txt").symlink_to(scene.secret)
    (scene.folder / "..%2f..%2fjudge.yaml").write_text("x")
    (scene.folder / "page.html").write_text("<script>owned = 1</script>")


@kind("time stamp that never ends", "to make whoever reads it wait forever")
def endless_stamp(scene: Scene) -> None:
    scene.write(scene.strong())
    (scene.folder / "timestamp.txt").symlink_to("/dev/zero")


@kind("time stamp that is a pipe", "to make whoever opens it wait forever")
def piped_stamp(scene: Scene) -> None:
    scene.write(scene.strong())
    os.mkfifo(scene.folder / "timestamp.txt")


@kind("time stamp from the year 99999", "to overflow the clock, or to be on time for ever")
def odd_stamp(scene: Scene) -> None:
    scene.write(scene.strong())
    (scene.folder / "timestamp.txt").write_text("99999-12-31 25:61:61 <script>")


@kind("the file under another name", "to be dropped without a mark", "refused", reason="There is no")
def other_name(scene: Scene) -> None:
    scene.write(scene.strong())
    scene.path.rename(scene.folder / "Untitled-<b>1.ipynb")


@kind("two notebooks", "to have the second one graded into the first one's place")
def two_notebooks(scene: Scene) -> None:
    scene.write(scene.strong())
    (scene.folder / "another.ipynb").write_text("{}")
