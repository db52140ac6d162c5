"""YAML that comes with Leadline: read by the fast parser, where PyYAML was built with it.

People's files are not read so: the fast parser lets some faults pass that the other one names.
"""

from __future__ import annotations

from typing import Any

import yaml

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_shipped(text: str) -> Any:
    """The content of a YAML text of ours. Raises yaml.YAMLError."""
    try:
        return yaml.load(text, Loader=LOADER)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError:
        return yaml.safe_load(text)  # it knows the places of faults better
