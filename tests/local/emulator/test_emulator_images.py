"""What carries out a job follows from the image that its request names."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarify_local.emulator.client import Emulator
from clarify_local.emulator.recipe import NotReadable, read_recipe
from support_emulator.account import keys, prepare_job, read, run_job, unique

FOLLOWED = """
# A comment, and a line that goes on.
FROM python:3.13-slim
RUN apt-get update \\
    && apt-get install --yes what
COPY packages /opt/clarify/packages
ENV PYTHONPATH=/opt/clarify/packages
ENTRYPOINT ["python", "-P", "-m", "clarify_engine"]
"""
OWN_ENGINE = """
import os, sys
from pathlib import Path

import clarify_contract

root = Path(sys.argv[sys.argv.index("--root") + 1])
said = [__file__, clarify_contract.__file__, os.environ.get("STAGE", "")]
(root / "opt/ml/processing/output/said").write_text("\\n".join(said))
"""


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Write a build context whose engine says where it was started from."""
    for package, text in (("clarify_engine", OWN_ENGINE), ("clarify_contract", "")):
        folder = tmp_path / "context" / "packages" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "__main__.py").write_text(text)
    (tmp_path / "context" / "Dockerfile").write_text(FOLLOWED)
    return tmp_path / "context"


def run_image(emulator: Emulator, context: Path | None) -> tuple[dict[str, str], str]:
    """Run a job with an image of its own; return its results, and what was noted of the image."""
    image = f"{emulator.account}.dkr.ecr.us-east-1.amazonaws.com/own:{unique('tag')}"
    if context is not None:
        emulator.build_context(image, context)
    bucket, request = prepare_job(
        emulator,
        {"write": {"said": "the engine of the options"}},
        AppSpecification={"ImageUri": image},
        Environment={"STAGE": "test"},
    )
    job = run_job(emulator, request)
    assert job["ProcessingJobStatus"] == "Completed", job
    results = {key: read(emulator, bucket, key) for key in keys(emulator, bucket, "out/")}
    (note,) = (note for note in emulator.notes() if image in note)
    return results, note


def test_an_images_own_sources_are_run_by_its_entry_point(
    emulator: Emulator, context: Path
) -> None:
    results, note = run_image(emulator, context)
    engine, contract, stage = results["out/said"].split("\n")
    assert engine.endswith("/root/opt/clarify/packages/clarify_engine/__main__.py")
    assert contract.endswith("/root/opt/clarify/packages/clarify_contract/__init__.py")
    assert stage == "test"
    assert "its sources ran by its entry point (python -P -m clarify_engine)" in note
    assert "python:3.13-slim" in note


def test_for_an_image_that_nobody_told_of_the_installed_engine_stands_in(
    emulator: Emulator,
) -> None:
    results, note = run_image(emulator, None)
    assert results == {"out/said": "the engine of the options"}
    assert note.endswith("the engine installed here ran in its place")


@pytest.mark.parametrize(
    ("dockerfile", "reason"),
    [
        (FOLLOWED.replace("clarify_engine", "theirs"), "an entry point that is not"),
        (FOLLOWED.replace("FROM", "FROM base AS first\nFROM"), "FROM base AS first"),
    ],
)
def test_an_image_of_another_kind_is_never_run(
    emulator: Emulator, context: Path, dockerfile: str, reason: str
) -> None:
    (context / "Dockerfile").write_text(dockerfile)
    results, note = run_image(emulator, context)
    assert results == {"out/said": "the engine of the options"}
    assert reason in note
    assert note.endswith("the engine installed here ran in its place")


def test_a_recipe_is_read_as_it_is_written(context: Path) -> None:
    recipe = read_recipe(context)
    assert recipe.base == "python:3.13-slim"
    assert recipe.steps == (
        ("RUN", "apt-get update && apt-get install --yes what"),
        ("COPY", "packages /opt/clarify/packages"),
    )
    assert recipe.environment == {"PYTHONPATH": "/opt/clarify/packages"}
    assert recipe.entrypoint == ("python", "-P", "-m", "clarify_engine")


def test_files_and_folders_are_laid_out_below_another_root(context: Path, tmp_path: Path) -> None:
    (context / "lock.txt").write_text("numpy")
    with (context / "Dockerfile").open("a") as dockerfile:
        dockerfile.write("COPY lock.txt /opt/other/name.txt\n")
    recipe = read_recipe(context)
    recipe.lay_out(context, tmp_path / "root")
    assert (tmp_path / "root/opt/other/name.txt").read_text() == "numpy"
    assert (tmp_path / "root/opt/clarify/packages/clarify_engine/__main__.py").is_file()
    assert recipe.environment_under(tmp_path / "root") == {
        "PYTHONPATH": str(tmp_path / "root/opt/clarify/packages")
    }


@pytest.mark.parametrize(
    "line",
    [
        "ADD https://example.org/x /x",
        "ARG VERSION=1",
        "COPY --from=first /x /x",
        "COPY a b /x/",
        "COPY ../outside /x",
        "COPY /etc/passwd /x",
        "COPY *.py /x",
        "COPY packages relative",
        "ENV A=1 B=2",
        "ENV PATH=/x:$PATH",
        "ENTRYPOINT python -m clarify_engine",
        'RUN ["pip", "install", "x"]',
        "RUN --mount=type=cache,target=/x pip install x",
        "USER nobody",
        "FROM again",
    ],
)
def test_what_the_reader_does_not_follow_is_refused_by_name(context: Path, line: str) -> None:
    with (context / "Dockerfile").open("a") as dockerfile:
        dockerfile.write(f"{line}\n")
    with pytest.raises(NotReadable, match=line.split()[0]):
        read_recipe(context)


def test_a_context_without_a_dockerfile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="no Dockerfile"):
        read_recipe(tmp_path)
