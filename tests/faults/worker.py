"""Opens and refreshes libraries in children that are killed or cannot write, as it is told.

Reads one JSON command a line, forks a child for each, and answers with one JSON line. Run with
the shim in LD_PRELOAD; the parent stays single-threaded, so that forking is safe.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import faiss  # noqa: F401 - loaded before forking, to save each child the time
import filelock  # noqa: F401
from small import WordEmbedder

from rag.encoding import embedding
from rag.errors import RagError
from rag.search.library import Library


def child(command: dict[str, Any], shim: ctypes.CDLL, out: int) -> None:
    """Refresh once; tell how it ended and how many writing calls there were."""
    shim.fault_arm(command["index"].encode(), command.get("at", 0), command["kind"].encode())
    try:
        Library.open(Path(command["folder"]), Path(command["index"])).close()
        ended = "done"
    except RagError as error:
        ended = f"{type(error).__name__}: {error}"
    except BaseException as error:
        ended = f"DEFECT {type(error).__name__}: {error}"
    os.write(out, json.dumps({"ended": ended, "calls": shim.fault_count()}).encode())


def main() -> None:
    """Serve commands until the input ends."""
    embedding.load = lambda settings: WordEmbedder()  # type: ignore[assignment]
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    shim.fault_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_char]
    shim.fault_count.restype = ctypes.c_long
    for line in sys.stdin:
        command = json.loads(line)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                child(command, shim, write)
            finally:
                os._exit(0)
        os.close(write)
        if command.get("after_s") is not None:
            time.sleep(command["after_s"])
            os.kill(pid, signal.SIGKILL)
        with os.fdopen(read, "rb") as pipe:
            answer = pipe.read()
        os.waitpid(pid, 0)
        print((answer or b'{"ended": "killed"}').decode(), flush=True)


if __name__ == "__main__":
    main()
