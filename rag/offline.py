"""Keeps the model libraries off the network while they load a model from this machine.

``local_files_only`` alone does not: transformers still asks its hub about a name it does not
know. The hub's own offline switch is read from the environment when huggingface_hub is imported,
so it is set there and in the module, and put back afterwards: a program that uses this package
may want the hub for itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_SWITCHES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
_LOCK = RLock()


@contextmanager
def enforced() -> Iterator[None]:
    """Refuse every request of huggingface_hub, and all that stand on it, inside a ``with``."""
    with _LOCK:
        before = {name: os.environ.get(name) for name in _SWITCHES}
        os.environ.update(dict.fromkeys(_SWITCHES, "1"))
        try:
            from huggingface_hub import constants

            was = constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY
            constants.HF_HUB_OFFLINE = constants.HF_HUB_DISABLE_TELEMETRY = True
            try:
                yield
            finally:
                constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY = was
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
