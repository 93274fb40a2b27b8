"""The house keeps its order: what imports what, what the wheel carries, who knows vendors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

from smstui import __version__
from smstui.providers.registry import providers

ROOT = Path(__file__).parent.parent
HEAVY = ("textual", "httpx", "pydantic", "sqlcipher3", "sqlite_utils", "cryptography", "starlette")


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}; import json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_command_line_starts_without_anything_heavy() -> None:
    assert modules_after("import smstui.cli").isdisjoint(HEAVY)


def test_the_console_paints_before_models_store_and_http_are_loaded() -> None:
    loaded = modules_after("import smstui.app, screens.unlock, screens.widgets.new_passphrase")
    assert "textual" in loaded
    assert loaded.isdisjoint(set(HEAVY) - {"textual"})


@pytest.mark.parametrize("vendor", sorted(providers()))
def test_no_screen_knows_a_vendor(vendor: str) -> None:
    word = re.compile(rf"\b{re.escape(vendor)}\b", re.IGNORECASE)
    sources = [*(ROOT / "screens").rglob("*.py"), *(ROOT / "styles").glob("*.tcss")]
    assert sources
    assert [path.name for path in sources if word.search(path.read_text())] == []


def test_the_wheel_carries_all_three_folders_and_starts(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(unpacked)
    for folder, pattern in (("styles", "*.tcss"), ("smstui/locale", "*.mo"), ("screens", "*.py")):
        carried = {path.relative_to(unpacked) for path in (unpacked / folder).rglob(pattern)}
        wanted = {path.relative_to(ROOT) for path in (ROOT / folder).rglob(pattern)}
        assert wanted
        assert wanted == carried
    started = subprocess.run(
        [sys.executable, "-c", "import smstui.cli as c; print(c.__file__); c.main()", "--version"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(unpacked) in started.stdout
    assert f"smstui {__version__}" in started.stdout


def test_the_pictures_of_the_readme_are_there() -> None:
    links = re.findall(r"!\[[^]]*]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert len(links) >= 2
    assert [link for link in links if not (ROOT / unquote(link)).is_file()] == []
