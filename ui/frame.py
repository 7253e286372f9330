"""What every page has: title, style, language, and the one place where an error becomes a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from store.errors import MingzhangError
from ui import markup
from ui.words import Language, say

log = logging.getLogger(__name__)


def language() -> Language:
    """The reader's language: Chinese unless English was chosen."""
    return "en" if st.session_state.get("language") == "English" else "zh"


def language_switch() -> None:
    """Two words at the top of the page; the choice stands in the address, so that a link keeps it."""
    st.segmented_control(
        "语言 / Language",
        ["中文", "English"],
        default="中文",
        required=True,
        key="language",
        label_visibility="collapsed",
        bind="query-params",
    )


def show(page: Callable[[], None]) -> None:
    """Draws `page`; whatever it raises is shown as a sentence in the reader's language, never as a trace."""
    st.html(markup.STYLE)
    try:
        page()
    except MingzhangError as error:
        from store.messages import describe

        happened, remedy = describe(error.code, error.where, language())
        st.warning(f"{happened}\n\n{remedy}")
    except Exception:
        log.exception("a page failed")
        st.warning(say("fault", language()))
