from pathlib import Path

import pytest

from tests.courses.bundles.plain_bundle import write_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The folder of the plainest valid bundle."""
    return write_bundle(tmp_path)
