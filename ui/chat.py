"""The chat: a question in everyday words, an answer of one sentence, its sources below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from retrieval import browse
from retrieval.answer.answer import Answer
from ui import markup
from ui.frame import language, language_switch
from ui.opened import Opened, opened
from ui.sources import draw_sources
from ui.unfolding import Unfolding
from ui.words import Language, patterns, say

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

LONGEST_QUESTION = 2000  # characters; a pasted paragraph to verify has a few hundred
REMEMBERED = 6  # earlier questions handed to the planner
REFRESHED = 0.3  # seconds after which it is looked how far a model has come


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer."""

    question: str
    answer: Answer


def draw() -> None:
    """The whole chat from the session's turns."""
    tongue = language()
    head, switch = st.columns([3, 1], vertical_alignment="bottom")
    with head:
        st.title(say("title", tongue), anchor=False)
        st.html(markup.small(say("tagline", tongue)))
    with switch:
        language_switch()
    typed = st.chat_input(say("placeholder", tongue), max_chars=LONGEST_QUESTION, key="typed")
    here = opened()
    if typed:
        _ask(typed)
    turns = _turns()
    if not turns:
        _suggest(here)
    places = [(st.chat_message("user"), st.chat_message("assistant")) for _ in turns]
    for number in reversed(range(len(turns))):  # the newest first: nobody waits for what is on the screen already
        _draw_turn(turns[number], f"turn-{number}", *places[number], is_last=number == len(turns) - 1)
    if turns:
        st.button(say("clear", tongue), on_click=_clear, type="tertiary")
    # The page is painted by now: what the first answer needs is made ready while the question is being typed.
    _ = here.asker
    here.warm_up(suggested_questions(here.snapshot.id, here))


def _turns() -> list[Turn]:
    return st.session_state.setdefault("turns", [])


def _ask(question: str) -> None:
    turns = _turns()
    dialog = [turn.question for turn in turns[-REMEMBERED:]]
    _let_go()
    unfolding = Unfolding(opened().asker, question, dialog)
    turns.append(Turn(question, unfolding.stage.answer))
    if not unfolding.stage.is_last:
        st.session_state["unfolding"] = unfolding


@st.fragment(run_every=REFRESHED)
def _draw_growing() -> None:
    """What a model makes of the last answer as it comes; the answer stands above it meanwhile, whole and with its sources."""
    unfolding: Unfolding | None = st.session_state.get("unfolding")
    if unfolding is None:
        return
    tongue, turns, stage = language(), _turns(), unfolding.stage
    if stage.is_last:
        _let_go()
    if stage.is_last or stage.answer is not turns[-1].answer:
        turns[-1] = Turn(turns[-1].question, stage.answer)
        st.rerun()
    said = say("model_waiting", tongue)
    st.html(f'<div aria-live="polite">{markup.small(said)}</div>')


def _let_go() -> None:
    """Ends what a model is still at work on."""
    unfolding: Unfolding | None = st.session_state.pop("unfolding", None)
    if unfolding is not None:
        unfolding.leave()


def _clear() -> None:
    _let_go()
    st.session_state["turns"] = []


def _suggest(here: Opened) -> None:
    tongue = language()
    questions = suggested_questions(here.snapshot.id, here)
    if not questions:
        if not browse.list_documents(here.snapshot):
            st.info(say("no_documents", tongue, store=here.store))
        return
    st.subheader(say("empty_heading", tongue), anchor=False)
    st.html(markup.small(say("empty_hint", tongue)))
    for number, question in enumerate(questions):
        st.button(question, key=f"suggested-{number}", on_click=_ask, args=(question,), width="stretch")


@st.cache_data(max_entries=4, show_spinner=False)
def suggested_questions(snapshot_id: str, _here: Opened) -> list[str]:
    """Questions about the latest budgets in the store, one agency each in turn."""
    entries = [entry for entry in browse.list_documents(_here.snapshot) if entry.agency and entry.year and entry.figures]
    newest: dict[str, int] = {}
    for entry in entries:
        newest[str(entry.agency)] = max(int(entry.year or 0), newest.get(str(entry.agency), 0))
    agencies = sorted(newest.items(), key=lambda pair: -pair[1])
    if not agencies:
        return []
    lines = patterns("suggestions", "zh")
    return [
        line.format(agency=agency, year=year, last=year - 1)
        for line, (agency, year) in zip(lines, (agencies[place % len(agencies)] for place in range(len(lines))), strict=True)
    ]


def _draw_turn(turn: Turn, key: str, asked: DeltaGenerator, answered: DeltaGenerator, *, is_last: bool) -> None:
    asked.text(turn.question)
    with answered:
        draw_answer(turn.answer, key, grows=is_last and "unfolding" in st.session_state)
        if is_last:
            for number, option in enumerate(turn.answer.options):
                st.button(option, key=f"{key}-option-{number}", on_click=_ask, args=(option,))


def draw_answer(answer: Answer, key: str, *, grows: bool = False) -> None:
    """One answer: sentence, assumptions, chart, sums, sources, and the query behind a fold; what a model is writing, if it `grows`."""
    tongue = language()
    st.html(markup.answer(answer.text))
    if grows:
        _draw_growing()
    if beneath := _beneath(answer, tongue):
        st.html(beneath)
    if answer.citations:
        draw_sources(answer, f"{key}-source")
    _draw_how(answer, f"{key}-how")


def _beneath(answer: Answer, tongue: Language) -> str:
    """What belongs to the sentence: how it was understood, assumptions, notes, chart and sums; each piece costs the browser time."""
    parts: list[str] = []
    if answer.understood is not None and answer.understood.words and answer.route not in ("decline", "clarify"):
        parts.append(markup.small(say("understood", tongue, words=answer.understood.words)))
    if answer.assumptions:
        parts.append(markup.small(say("assumed", tongue, assumptions="；".join(answer.assumptions))))
    parts += [markup.small(note) for note in answer.notes]
    if answer.general_knowledge:
        parts.append(markup.small(say("general_knowledge", tongue)))
    if answer.chart:
        parts.append(markup.bars(answer.chart))
    if answer.steps:
        parts += [markup.small(say("computed", tongue)), *map(markup.step, answer.steps)]
    return markup.stacked(parts)


@st.fragment
def _draw_how(answer: Answer, key: str) -> None:
    tongue = language()
    fold = st.expander(say("how", tongue), key=key, on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.html(markup.small(say("how_plan", tongue)))
        st.json(answer.to_json()["plan"], expanded=1)
        if answer.sql:
            st.html(markup.small(say("how_sql", tongue)))
            st.code(answer.sql, language="sql", wrap_lines=True)
        st.html(markup.small(say("took", tongue, milliseconds=f"{answer.milliseconds:.0f}")))
