"""The client that `make demo` prints, and its line for the shell."""

import json
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from integrations import clients
from integrations.models import ApiClient
from tests.factories.accounts import CohortFactory, OrganisationFactory, StaffFactory


def run(path: Path, address: str = "http://127.0.0.1:8000") -> str:
    out = StringIO()
    call_command("demo_client", file=path, address=address, stdout=out)
    return out.getvalue()


@pytest.fixture
def school(db: None) -> Any:
    StaffFactory(username="admin", is_superuser=True)
    return OrganisationFactory(slug="demo-school")


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
@pytest.mark.django_db(transaction=True)
def test_the_line_works_as_it_is_printed(school: Any, live_server: Any, tmp_path: Path) -> None:
    CohortFactory(organisation=school, name="Class 9b")
    line = run(tmp_path / "client", live_server.url).strip().splitlines()[-1]
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=20, check=True)
    assert [row["name"] for row in json.loads(done.stdout)["results"]] == ["Class 9b"]


def test_a_second_time_nothing_changes(school: Any, tmp_path: Path) -> None:
    first = run(tmp_path / "client")
    assert run(tmp_path / "client") == first
    assert (tmp_path / "client").stat().st_mode & 0o077 == 0


def test_a_lost_secret_or_an_ended_client_is_made_anew(school: Any, tmp_path: Path) -> None:
    path = tmp_path / "client"
    run(path)
    client_id, secret = path.read_text().split()
    path.unlink()
    run(path)
    assert path.read_text().split()[0] == client_id
    assert path.read_text().split()[1] != secret
    clients.revoke(client=ApiClient.objects.get())
    run(path)
    assert path.read_text().split()[0] != client_id


def test_no_demo_client_on_a_real_site(school: Any, tmp_path: Path, settings: Any) -> None:
    settings.DEV = False
    with pytest.raises(CommandError, match="development only"):
        run(tmp_path / "client")
    assert not ApiClient.objects.exists()
