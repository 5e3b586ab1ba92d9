"""The speaking card: what was written, in the order in which it is said, with a reading time."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from casebook.course.workbook_page import Block, Page, page, para
from casebook.course.workbook_pages import listed

if TYPE_CHECKING:
    from casebook.answer import Answer, Stage
    from casebook.design import Evaluation

WORDS_PER_MINUTE = 150.0  # an unhurried speaker
GUARDS = 2  # the ear keeps two; all of them stand on paper
GAP = "(not answered)"


def speaking_card(answer: Answer, ev: Evaluation | None) -> Page:
    """Six things to say, each from the answer; what is blank says so."""
    said = said_parts(answer, ev)
    words = sum(len(text.split()) for _, text in said if text)
    seconds = words / WORDS_PER_MINUTE * 60
    html = "".join(f'<p class="say"><b>{escape(head)}.</b> {escape(text or GAP)}</p>' for head, text in said)
    text = "\n".join(f"{head}: {words_ or GAP}" for head, words_ in said)
    blank = [head for head, words_ in said if not words_]
    if len(blank) == len(said):
        return page(
            "Speaking card: not answered", para("It fills itself from what you write above."), mood="quiet"
        )
    advice = "Cut a sentence before you cut the number." if seconds > 90 else "Time enough to breathe."
    return page(f"Speaking card: {words} words, about {seconds:.0f} seconds", Block(html, text), para(advice))


def said_parts(answer: Answer, ev: Evaluation | None) -> list[tuple[str, str]]:
    """Heading and words of the six things to say, in their order; '' where nothing was written."""
    return [
        ("Who and what", _hypothesis(answer)),
        ("The guardrails", _metrics(answer)),
        ("The design", _design(answer, ev)),
        ("The one trade-off", _tradeoff(answer)),
        ("Who and when", _plan(answer)),
        ("The close", _close(answer)),
    ]


def _hypothesis(answer: Answer) -> str:
    found = answer.hypothesis
    if found is None:
        return ""
    metric = f"{found.metric[:1].upper()}{found.metric[1:]}"
    decide = found.decision.removeprefix("deciding").strip()
    number, of, what = found.baseline.partition(" of ")  # 'from 20 % to 60 % of conversations', said once
    baseline = number if of and found.target.endswith(f"{of}{what}") else found.baseline
    return f"For {found.persona}, we decide {decide}. {metric}: from {baseline} to {found.target}."


def _metrics(answer: Answer) -> str:
    guards = [metric.text for metric in answer.metrics if metric.kind == "guardrail"]
    if not guards:
        return ""
    more = f"; and {len(guards) - GUARDS} more on paper" if len(guards) > GUARDS else ""
    return f"And what must not get worse: {'; '.join(guards[:GUARDS])}{more}."


def _design(answer: Answer, ev: Evaluation | None) -> str:
    from casebook.show.series import duration, money

    if answer.design is None or ev is None:
        return ""
    parts = [answer.design.option(slot).title for slot in answer.design.components]
    speed = (
        f"99 of 100 {answer.design.data.unit.requests} within {duration(ev.latency_ms(0.99))}"
        if ev.stable
        else "not stable on this day"
    )
    data = answer.design.data
    priced = ", mistakes included" if data.mistakes or data.quality_model == "two-normal-roc" else ""
    return f"{'; '.join(parts)}: {speed}, at {money(ev.cost_usd_month)} a month{priced}."


def _tradeoff(answer: Answer) -> str:
    found = answer.tradeoff
    if found is None:
        return ""
    price = "" if found.cost_usd_month is None else f" for {found.cost_usd_month:+,.0f} dollars a month"
    turned_down = f" Turned down: {found.rejected}." if found.rejected else ""
    return f"{found.metric} {found.delta}{price}: {found.decision}.{turned_down}"


def _plan(answer: Answer) -> str:
    said = []
    owners = list(dict.fromkeys(note.owner for note in answer.notes if note.owner))
    if owners:
        said.append(f"Owners: {listed(owners)}.")
    if answer.rollout is not None and answer.rollout.stages:
        steps = ", then ".join(_stage(stage) for stage in answer.rollout.stages)
        first = (
            f"First version after {answer.rollout.mvp_weeks:g} weeks, then "
            if answer.rollout.mvp_weeks
            else ""
        )
        said.append(f"{first}{steps}.")
    if answer.risks:
        risk = answer.risks[0]
        said.append(f"If {risk.trigger}: {risk.action}{f', by {risk.owner}' if risk.owner else ''}.")
    return " ".join(said)


def _stage(stage: Stage) -> str:
    if stage.share_percent == 100:
        return "everybody"
    weeks = (stage.duration_days or 0.0) / 7
    length = f" for {weeks:.2g} week{'s' * (weeks != 1)}" if weeks else ""
    gate = f", if {stage.gate}" if stage.gate else ""
    return f"{stage.share_percent or 0:g} % of {stage.of or 'users'}{length}{gate}"


def _close(answer: Answer) -> str:
    """The goal and the question; design and plan only where nothing above has said them."""
    found = answer.close
    if found is None:
        return ""
    design = "" if answer.design is not None else found.design
    plan = "" if answer.rollout is not None else found.plan
    return " ".join(part for part in (found.goal, design, plan, found.question) if part)
