"""What tests share: the delivered corpora, where they are at hand, and how properties are tried."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from retrieval.ask import Asker
from store.snapshot import Snapshot, open_snapshot
from tests.properties import pytest_collection_modifyitems, pytest_runtest_makereport

__all__ = ["pytest_collection_modifyitems", "pytest_runtest_makereport"]
ROOT = Path(__file__).resolve().parent.parent
_SHARED = ROOT.parent / "shared"

settings.load_profile("fixed")


@pytest.fixture
def shared() -> Path:
    """The folder with the delivered disclosures and questions; skips where a clone stands alone."""
    if not (_SHARED / "disclosures").is_dir():
        pytest.skip("the delivered corpora (../shared) are not on this machine")
    return _SHARED


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the bundled samples, made as `make run` makes it: once for all tests."""
    store = tmp_path_factory.mktemp("samples") / "store"
    mingzhang = Path(sys.executable).parent / "mingzhang"
    subprocess.run([mingzhang, "ingest", ROOT / "data" / "samples", "--store", store], check=True, capture_output=True)
    return store


@pytest.fixture(scope="module")
def snapshot(sample_store: Path) -> Iterator[Snapshot]:
    """The bundled samples, open."""
    with open_snapshot(sample_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def rules(snapshot: Snapshot) -> Asker:
    """What answers about the bundled samples with no model."""
    return Asker.of(snapshot)
