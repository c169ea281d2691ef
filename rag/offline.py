"""Keeps the model libraries off the network: what they do not find on this machine is not there."""

from __future__ import annotations

import os
import sys

# Read by huggingface_hub and transformers when they are first imported.
_SWITCHES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")


def stay_offline() -> None:
    """Forbid the model libraries every download and all telemetry, in this process.

    Call it before they are imported; where huggingface_hub is already there, its switches are
    turned as well.
    """
    for switch in _SWITCHES:
        os.environ[switch] = "1"
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:
        constants.HF_HUB_OFFLINE = True  # type: ignore[attr-defined]
        constants.HF_HUB_DISABLE_TELEMETRY = True  # type: ignore[attr-defined]
