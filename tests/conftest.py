"""What tests share: the delivered corpora, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder with the delivered disclosures and questions; skips where a clone stands alone."""
    if not (_SHARED / "disclosures").is_dir():
        pytest.skip("the delivered corpora (../shared) are not on this machine")
    return _SHARED
