"""The Streamlit entry: picks the view, nothing else. Start it with `mingzhang serve`."""

import streamlit as st

from ui.frame import language, show
from ui.words import say


def ask() -> None:
    """The chat."""
    from ui import chat

    show(chat.draw)


def browse() -> None:
    """What is in the store."""
    from ui import shelf

    show(shelf.draw)


tongue = language()
st.set_page_config(page_title=say("title", tongue), page_icon="📒", layout="centered")
st.navigation(
    [st.Page(ask, title=say("ask_page", tongue), default=True), st.Page(browse, title=say("browse_page", tongue), url_path="browse")],
    position="top",
).run()
