"""Reading functions that misbehave, for children to import: what a hostile file may make a library do."""

from __future__ import annotations

import os
import time

from ingest import limits
from store.values import Document

from .documents import small_document


def misbehaving(data: bytes, name: str) -> Document:
    """Does what the bytes say; reads anything else as a small document of that agency."""
    match data:
        case b"hang":
            time.sleep(3600)
        case b"spin":
            while True:
                pass
        case b"die":
            os.abort()
        case b"eat":
            return misbehaving(bytes(limits.MEMORY * 2), name)
        case b"recurse":
            return misbehaving(data, name)
        case b"raise":
            raise ZeroDivisionError
        case _:
            pass
    document, _ = small_document(data.decode()[:8])
    from dataclasses import replace
    from hashlib import sha256

    return replace(document, document_id=sha256(data).hexdigest(), file=name)
