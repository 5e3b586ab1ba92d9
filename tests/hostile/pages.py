"""Markup and names: what a learner writes so that it runs, or is believed, on somebody's screen."""

from __future__ import annotations

from tests.hostile.kind import Scene, answers, kind, of, own_cell, renamed

SCRIPT = (
    "<script>window.owned = 1</script><img src=x onerror='window.owned = 2'><svg onload='window.owned = 3'></svg>"
    "<a href='javascript:window.owned=4'>x</a><iframe srcdoc='<script>parent.owned=5</script>'></iframe>"
    "<img src='http://beacon.invalid/beacon.png'><link rel=stylesheet href='//beacon.invalid/x.css'>"
)
MARKDOWN = (
    f'{SCRIPT}\n\n[go](javascript:window.owned=6) ![x](x "onerror=window.owned=7") ![b](http://beacon.invalid/b.png)\n\n'
    "$\\href{javascript:window.owned=8}{x}$ $$\\require{html}\\style{background:url(//beacon.invalid)}{y}$$\n\n"
    "</pre></textarea></title></style>--><script>window.owned = 9</script>\n\n"
    "```{=html}\n<script>owned=10</script>\n```"
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='window.owned=11'><script>window.owned=12</script></svg>"


@kind("script in output", "to run in the instructor's page")
def script_in_output(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            data = {
                "text/html": SCRIPT,
                "image/svg+xml": SVG,
                "application/javascript": "window.owned = 13",
                "text/markdown": MARKDOWN,
                "text/latex": "$\\href{javascript:owned=1}{x}$",
            }
            cell["outputs"] = [{"output_type": "display_data", "metadata": {"isolated": False}, "data": data}]
    scene.write(notebook)


@kind("script in markdown", "to run in the instructor's page")
def script_in_markdown(scene: Scene) -> None:
    notebook = scene.strong()
    of(notebook, "prose-close")["source"] = MARKDOWN
    notebook["cells"].insert(1, {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": MARKDOWN})
    notebook["cells"].insert(
        1, {"cell_type": "raw", "id": "raw", "metadata": {"format": "text/html"}, "source": SCRIPT}
    )
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and not cell["metadata"].get("nbgrader"):
            cell["source"] += MARKDOWN
    scene.write(notebook)


@kind("script in an attachment", "to be served from the instructor's own address")
def script_in_attachment(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in notebook["cells"]:
        cell["attachments"] = {"x.svg": {"image/svg+xml": SVG}, "../../x.html": {"text/html": SCRIPT}}
    of(notebook, "prose-close")["source"] = "![x](attachment:x.svg) <embed src='attachment:x.svg'>"
    scene.write(notebook)


@kind("script in an SVG", "to run when the picture is shown")
def script_in_svg(scene: Scene) -> None:
    notebook = scene.strong()
    of(notebook, "prose-close")["source"] = f"{SVG} ![x](data:image/svg+xml;utf8,{SVG})"
    (scene.folder / "diagram.svg").write_text(SVG)
    scene.write(own_cell(notebook, f"from IPython.display import SVG\nSVG({SVG!r})"))


@kind(
    "script as a component's name",
    "to run in the diagram, in the board's table or in the feedback",
    "partial",
    "graded",
    same=False,
)
def script_in_component(scene: Scene) -> None:
    notebook = scene.strong()
    cell = of(notebook, "answer-estimate")
    cell["source"] = cell["source"].replace('"serving: Model Ops', f'"{SCRIPT[:60]}: Model Ops')
    cell["source"] = cell["source"].replace(
        '"review: Trust', '"review\\"]; evil [URL=\\"javascript:owned=1\\"]; //: Trust'
    )
    scene.write(notebook)


@kind(
    "script as an option of the board",
    "to run where the reason for the refusal is shown",
    "partial",
    reason="answer-design",
    same=False,
)
def script_in_option(scene: Scene) -> None:
    notebook = scene.strong()
    cell = of(notebook, "answer-design")
    cell["source"] = f'design = case.design(serving="{SCRIPT[:60]}")'
    scene.write(notebook)


@kind(
    "script in every text of an answer", "to run where a finding quotes it as evidence", "graded", "partial", same=False
)
def script_in_evidence(scene: Scene) -> None:
    notebook = scene.strong()
    short = "<script>window.owned=14</script>"
    for cell in answers(notebook):
        for word in ("digital artists", "Trust and Safety", "Model Ops", "Everybody by day 90", "GPUs", "because"):
            cell["source"] = cell["source"].replace(word, f"{word} {short}")
    scene.write(notebook)


@kind(
    "script as the names of its variables and cells",
    "to run where a problem names them",
    "partial",
    "graded",
    same=False,
)
def script_in_names(scene: Scene) -> None:
    notebook = renamed(scene.strong(), "risks = [", "rizks = [")
    cell = of(notebook, "answer-frame")
    cell["id"] = "<img src=x onerror=owned=1>"
    cell["metadata"]["casebook"] = {"answer": True, "title": SCRIPT}
    scene.write(notebook)


NAMES = {
    "script": "m<script>owned=1<|script>",
    "image": "m'\"><img src=x onerror=window.owned=1>",
    "formula": "=HYPERLINK(1)",
    "option": "-rf",
    "dots": "..m",
    "space": "m y",
    "new line": "m\nadmin",
    "right to left": "m\u202egpj",
    "percent": "m%2e%2e%2fadmin",
    "database": "m'; drop table student; --",
    "long": "m" * 200,
    "template": "m{{7*7}}${HOME}",
    "wide": "\uff4d\uff4d",
    "bytes": "m\udcff",
    "glob": "m[a-z]*",
}


def _plain(scene: Scene) -> None:
    scene.write(scene.strong())


for _name, _student in NAMES.items():
    kind(
        f"student's name: {_name}",
        "to be run, opened, matched or believed as the name of a folder",
        "refused",
        reason="cannot be a student's id",
        student=_student,
    )(_plain)
