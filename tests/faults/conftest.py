"""The long forms run when they are asked for: `pytest -m bench`, or `./salto bench kill`."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "bench" not in str(config.option.markexpr):
        lange = [item for item in items if item.get_closest_marker("bench")]
        config.hook.pytest_deselected(items=lange)
        items[:] = [item for item in items if item not in lange]
