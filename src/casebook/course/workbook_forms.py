"""The article's frameworks as forms the learner has filled: part, own words, what checks say, what it changes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from casebook.course.workbook_keep import is_blank
from casebook.course.workbook_page import Block, Page, page, para

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.checks import Finding
    from casebook.facts import Framework

_LONGEST = 160
_DESIGN = "Design"


def forms_page(answer: Answer, rubric: str = "") -> Page:
    """Every framework of the case's article, those that the case practises first and open, the others folded."""
    from casebook.checks import grade
    from casebook.facts import frameworks, load_case_data

    data = load_case_data(answer.case_id)
    findings = {finding.id: finding for finding in grade(answer, rubric).findings}
    mine = [form for form in frameworks() if form.id.split("-")[1] == data.article]
    here = {part.strip() for part in data.case.replace("/", ",").split(",")}
    first = [form for form in mine if here & set(form.cases)]
    rest = [form for form in mine if form not in first]
    blocks = [_form(form, answer, findings, opened=True) for form in first]
    if rest:
        blocks.append(para("The article's other frameworks, as far as this case fills them:"))
        blocks += [_form(form, answer, findings, opened=False) for form in rest]
    filled = sum(_is_filled(form, answer) for form in mine)
    return page(f"Frameworks: {filled} of {len(mine)} filled by what you wrote", *blocks, mood="quiet")


def words_for(answer: Answer, record: str) -> str:
    """What the answer holds in records of this kind, in the learner's own words; '' where there is nothing."""
    from casebook.answer.parts import PARTS

    if record == _DESIGN:
        return ", ".join(part.title for part in answer.design.parts()) if answer.design is not None else ""
    said = []
    for part in PARTS:
        if part.record is None or part.record.__name__ != record:
            continue
        value = getattr(answer, part.name, None)
        if is_blank(value):
            continue
        for item in value if isinstance(value, tuple) else (value,):
            texts = [text for _, text in item.texts() if text]
            if texts:
                said.append(", ".join(dict.fromkeys(texts)))
    return "; ".join(dict.fromkeys(said))


def _is_filled(form: Framework, answer: Answer) -> bool:
    return all(words_for(answer, part.record) for part in form.parts if part.record)


def _form(form: Framework, answer: Answer, findings: dict[str, Finding], opened: bool) -> Block:
    from casebook.facts import fact

    title = f"{fact(form.fact).title} ({form.id})"
    rows = [(part.part, part.ask, _short(words_for(answer, part.record)), bool(part.record)) for part in form.parts]
    checked = [findings[name] for name in form.checks if name in findings]
    marks = ", ".join(f"{'✓' if item.passed else '✗'} {item.title}" for item in checked)
    html = "".join(
        f"<tr><td><strong>{escape(part)}</strong><br><small>{escape(ask)}</small></td>"
        f"<td>{_cell(words, written)}</td></tr>"
        for part, ask, words, written in rows
    )
    order = "" if form.in_order else " In any order."
    below = [
        f"Checked here: {marks}." if marks else "Checked here: nothing; it is said aloud.",
        f"On the board: {form.changes}",
    ]
    if form.flawed:
        below.append(f"Handle with care: {form.flawed}")
    details = (
        f"<details{' open' if opened else ''}><summary><strong>{escape(title)}</strong>{order}</summary>"
        f"<table><tbody>{html}</tbody></table>" + "".join(f"<p>{escape(line)}</p>" for line in below) + "</details>"
    )
    text = [
        title,
        *(f"  {part}: {words or _gap(written)}" for part, _, words, written in rows),
        *(f"  {line}" for line in below),
    ]
    return Block(details, "\n".join(text))


def _cell(words: str, written: bool) -> str:
    return escape(words) if words else f"<small>{_gap(written)}</small>"


def _gap(written: bool) -> str:
    return "not answered" if written else "said aloud"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"


def show_forms(work: Any) -> None:
    """The page for a workbook, as its last value would show it."""
    from casebook.course.workbook_page import show

    show(forms_page(work.answer, work.rubric))
