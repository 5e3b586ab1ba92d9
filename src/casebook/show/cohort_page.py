"""The cohort report as one HTML page that opens without a network and prints."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casebook.show.cohort_plots import designs_picture, scores_picture
from casebook.show.colours import FAINT_INK, INK, PAPER, RULE
from casebook.show.svg import FONT, esc, join

if TYPE_CHECKING:
    Report = Any  # course.cohort_report.CohortReport: show lies below course

HARDEST = 12
WEAK = 0.2  # a discrimination below this tells good and weak answers apart badly; a common rule of thumb
_STYLE = f"""
*{{box-sizing:border-box}} body{{margin:0;background:#fff;color:{INK};font:15px/1.5 {FONT}}}
main{{max-width:880px;margin:24px auto;padding:0 20px}} h1{{font-size:24px;margin:0 0 4px}}
h2{{font-size:17px;margin:32px 0 6px}} p{{margin:4px 0;max-width:72ch}} .faint{{color:{FAINT_INK}}}
.tiles{{display:flex;flex-wrap:wrap;gap:12px;margin:14px 0}}
.tile{{background:{PAPER};border:1px solid {RULE};border-radius:10px;padding:10px 16px;min-width:110px}}
.tile b{{display:block;font-size:24px;line-height:1.2}}
.wide{{overflow-x:auto}} table{{border-collapse:collapse;width:100%;min-width:640px;font-variant-numeric:tabular-nums}}
th,td{{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-top:1px solid {RULE}}}
th{{font-weight:600;border-top:0;white-space:nowrap}} td.n,th.n{{text-align:right;white-space:nowrap}}
td{{overflow-wrap:anywhere}} svg{{max-width:100%;height:auto}}
.bar{{display:inline-block;height:10px;border-radius:3px;background:#0072b2;vertical-align:baseline}}
.track{{display:inline-block;width:90px;background:{RULE};border-radius:3px;margin-right:8px;line-height:0}}
@media print{{main{{max-width:none;margin:0}} h2{{break-after:avoid}} svg,tr{{break-inside:avoid}}}}
"""


def cohort_html(report: Report, names: dict[str, str] | None = None) -> str:
    """The page of a `CohortReport`. ``names`` replaces students' ids (for a page shown to the class)."""
    called = names or {}
    sections = (
        _head(report),
        _scores(report),
        _items(report),
        _together(report),
        _designs(report, called),
        _bottlenecks(report),
        _alike(report, called),
        _absent(report, called),
        _everybody(report, called),
        _foot(report),
    )
    title = esc(f"{report.assignment}: the cohort")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{join(sections)}</main></body></html>\n"
    )


def _head(report: Report) -> str:
    waiting = sum(line.score is None for line in report.lines)
    tiles: list[tuple[object, str]] = [
        (len(report.lines), "handed in"),
        (len(report.scored), "scored by machine"),
        (waiting, "wait for somebody"),
        (len(report.missing), "have not handed in"),
    ]
    if report.percents:
        tiles.insert(2, (f"{statistics.median(report.percents):.0f} %", "median"))
    shown = join(f'<div class="tile"><b>{esc(value)}</b>{esc(words)}</div>' for value, words in tiles)
    return (
        f"<h1>{esc(report.assignment)}: the cohort</h1><p class=faint>{esc(report.title)}</p>"
        f'<div class="tiles">{shown}</div>'
    )


def _scores(report: Report) -> str:
    said = ""
    if len(report.percents) >= 4:
        low, middle, high = statistics.quantiles(report.percents, n=4, method="inclusive")
        said = f"<p>Half of the class lies between {low:.0f} and {high:.0f} %, the middle at {middle:.0f} %.</p>"
    return f"<h2>How the scores lie</h2>{said}{scores_picture(report.percents)}"


def _items(report: Report) -> str:
    hard = [item for item in report.items if item.lost][:HARDEST]
    if not hard:
        return "<h2>What is lost most</h2><p>Nothing: everybody scored has every check.</p>"
    rows = [
        (
            esc(item.title),
            esc(item.cell),
            f"{item.lost} of {item.count}",
            _bar(item.difficulty),
            "–" if item.discrimination is None else f"{item.discrimination:+.2f}",
        )
        for item in hard
    ]
    weak = [item.title for item in report.items if item.discrimination is not None and item.discrimination < WEAK
            and 0.1 < item.difficulty < 0.95]
    told = (
        f"<p>These tell strong and weak answers apart badly (below {WEAK:g}); read a few by hand before you teach "
        f"them: {esc('; '.join(weak[:5]))}.</p>" if weak else ""
    )
    return (
        "<h2>What is lost most</h2><p>A step that everybody loses is a step to teach again. <i>Earned</i> is the mean "
        "share of the check's points. <i>Tells apart</i> is the correlation with the rest of the score: near 1, who "
        "has it does well elsewhere; near 0, it says nothing; below 0, look at the check.</p>"
        + _table(("Check", "Step", "Lost by", "Earned", "Tells apart"), rows, (2, 4)) + told
    )


def _together(report: Report) -> str:
    if not report.together:
        return ""
    titles = {item.id: item.title for item in report.items}
    rows = [
        (*(esc(titles.get(check, check)) for check in (pair.one, pair.other)), str(pair.both), f"{pair.phi:.2f}")
        for pair in report.together
    ]
    return (
        "<h2>What is lost together</h2><p>The same people lose both: often one misunderstanding, taught once. Checks "
        "that nearly everybody loses are left out: they go with everything.</p>"
        + _table(("Check", "and", "Both lost by", "Correlation"), rows, (2, 3))
    )


def _designs(report: Report, called: dict[str, str]) -> str:
    own = [spot for spot in report.placed if spot.name in {line.student for line in report.lines}]
    if not own:
        return ""
    reference = next(spot.name for spot in report.placed if spot not in own)
    shown = [_renamed(spot, called) for spot in report.placed]
    best = [spot.name for spot in shown if spot.best and spot.name != reference]
    listed = f"Beaten by none in bill, tail and {esc(report.quality)}: {esc(', '.join(best))}." if best else (
        "The case's own design beats or equals every one of them."
    )
    worlds = " Numbers differ from student to student: each design is run under its own." if report.varied else ""
    lost = [spot.name for spot in shown if spot.tail_ms == float("inf")]
    unable = f" Cannot keep up with the load: {esc(', '.join(lost))}." if lost else ""
    picture = designs_picture(shown, report.tail, report.limit_ms, reference)
    return (
        f"<h2>Designs</h2><p>Each kept design under the scenario <i>{esc(report.scenario)}</i>. Blue: full where "
        f"nothing in the cohort beats it; black: {esc(reference)}. {listed}{unable}{worlds}</p>{picture}"
        f"<p class=faint>Left out of the model: {esc('; '.join(report.leaves_out))}</p>"
    )


def _bottlenecks(report: Report) -> str:
    if not report.wrong_bottlenecks:
        return ""
    rows = [(esc(said.predicted), esc(said.measured), str(said.count)) for said in report.wrong_bottlenecks[:8]]
    return (
        "<h2>Wrong about what fills first</h2><p>Predicted before the board was uncovered; never graded, worth a "
        "talk.</p>" + _table(("They said", "Their own design has", "Students"), rows, (2,))
    )


def _alike(report: Report, called: dict[str, str]) -> str:
    if not report.similar and not report.reused:
        return (
            f"<h2>Similar submissions</h2><p>None among the {report.compared} answers compared. Names, numbers and "
            "order are put aside first; a translation or a thorough rewording is not found.</p>"
        )
    rows = [
        (esc(called.get(pair.student, pair.student)), esc(called.get(pair.other, pair.other)), esc(pair.finding))
        for pair in report.similar
    ]
    rows += [(esc(called.get(student, student)), esc(alike.other_id if alike.case_id == report.case_id else
              alike.case_id), esc(alike.finding)) for student, alike in report.reused]
    return (
        "<h2>Similar submissions</h2><p><b>A place to look, not a verdict.</b> People who sat together, or read the "
        "same page, write alike. Names, numbers and order are put aside first; a thorough rewording is not found.</p>"
        + _table(("Student", "and", "What is the same"), rows, ())
    )


def _absent(report: Report, called: dict[str, str]) -> str:
    said = []
    if report.missing:
        said.append(f"<p>Not handed in: {esc(', '.join(called.get(name, name) for name in report.missing))}.</p>")
    if report.untouched:
        names = ", ".join(called.get(name, name) for name in report.untouched)
        said.append(f"<p>Handed in as it was released, nothing written: {esc(names)}.</p>")
    return f"<h2>Who is not there</h2>{join(said)}" if said else ""


def _everybody(report: Report, called: dict[str, str]) -> str:
    rows = [
        (
            esc(called.get(line.student, line.student)),
            f'<span style="white-space:nowrap">{esc(line.status)}</span>',
            "–" if line.score is None else f"{line.score:.1f}",
            f"{line.possible:g}",
            esc(line.received.replace("T", " ").replace("Z", " UTC")),
            f"−{line.late_penalty:g}" if line.late_penalty else "",
            esc(_short(line.reason or line.repairs or line.regraded or line.late)),
        )
        for line in report.lines
    ]
    return "<h2>Every submission</h2>" + _table(
        ("Student", "Status", "Score", "Of", "Came", "Late", "Why"), rows, (2, 3, 5)
    )


def _foot(report: Report) -> str:
    return (
        "<p class=faint>Made by casebook report from the gradebook and the judge's records. The same grades give the "
        f"same page. Designs: 100,000 simulated requests each, seed 0, scenario {esc(report.scenario)}.</p>"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        put = (f'<{tag} class="n">' if i in right else f"<{tag}>" for i in range(len(cells)))
        return "<tr>" + join(f"{start}{cell}</{tag}>" for start, cell in zip(put, cells, strict=True)) + "</tr>"

    return f'<div class="wide"><table>{line("th", heads)}{join(line("td", row) for row in rows)}</table></div>'


def _bar(share: float) -> str:
    wide = round(90 * min(max(share, 0.0), 1.0))
    bar = f'<span class="track"><span class="bar" style="width:{wide}px"></span></span>'
    return f'<span style="white-space:nowrap">{bar}{100 * share:.0f} %</span>'


def _renamed(spot: Any, called: dict[str, str]) -> Any:
    from dataclasses import replace

    return replace(spot, name=called.get(spot.name, spot.name))


def _short(words: str, most: int = 160) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
