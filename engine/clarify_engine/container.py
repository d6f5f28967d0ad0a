"""The container of a Clarify job: files in, files out, last words, exit code.

Exit codes
----------
0
    `analysis.json` is written.
1
    The engine itself failed; nothing is written.
2
    Config, data, model or account do not allow the analysis; nothing is written.
143, 130
    Stopped by SIGTERM or SIGINT; nothing is written.

Whatever is printed, or written to the message file, holds names, counts and types, never a cell
of the data: an unexpected exception is reported by its type and place only.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clarify_contract.config import AnalysisConfig
from clarify_contract.config.wording import SERVICE_NOT_JSON
from clarify_contract.container import (
    CONFIG_DIR,
    CONFIG_NAME,
    DATA_DIR,
    EXIT_MESSAGE_MAX,
    MESSAGE_FILE,
    OUTPUT_DIR,
)
from clarify_contract.findings import Finding, Refused
from clarify_engine.errors import AnalysisError
from clarify_engine.interruption import Interrupted, Interruption
from clarify_engine.job import Job, under
from clarify_engine.progress import PlainProgress

log = logging.getLogger(__name__)

DONE, INTERNAL, REFUSED, SIGNALLED = 0, 1, 2, 128

_SCHEMA = "Analysis configuration schema validation error."
_UNREADABLE = {"config-not-json", "config-unreadable"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the analysis of a container and return its exit code.

    Parameters
    ----------
    argv
        `--root DIR` puts another folder in the place of `/` in the container's paths.
    """
    parser = argparse.ArgumentParser(prog="python -m clarify_engine", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("/"), help="stands for / in all paths")
    root: Path = parser.parse_args(argv).root
    with _logging_to_stdout():
        return _run(root)


def _run(root: Path) -> int:
    try:
        with Interruption():
            _analyse(root)
    except Interrupted as stop:
        return _last_words(root, str(stop), SIGNALLED + stop.number)
    except Refused as refused:
        return _last_words(root, "\n".join([_opening(refused.findings), str(refused)]), REFUSED)
    except AnalysisError as error:
        return _last_words(root, str(error), REFUSED)
    except Exception as error:  # the last words must be said, and must not quote the data
        return _last_words(root, f"Internal error: {_where(error)}.", INTERNAL)
    return DONE


def _analyse(root: Path) -> None:
    # Loaded late: numpy and pyarrow take a while, and a stop signal may come meanwhile.
    from clarify_engine.run import analyze
    from clarify_engine.settings import Settings

    config = AnalysisConfig.load(_config_file(under(root, CONFIG_DIR)))
    log.info("The analysis configuration is valid.")
    settings = Settings.read(os.environ)
    analysis = analyze(
        config,
        under(root, DATA_DIR),
        under(root, OUTPUT_DIR),
        progress=PlainProgress(lambda line: log.info("%s", line)),
        job=Job.read(root),
        workers=settings.workers,
        estimator=settings.estimator,
    )
    for finding in analysis.warnings:
        log.warning("%s", finding)
    log.info("The analysis is complete.")


def _config_file(folder: Path) -> Path:
    """Return the config by its usual name, else the only file that was given."""
    usual = folder / CONFIG_NAME
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return files[0] if len(files) == 1 else usual


def _opening(findings: Sequence[Finding]) -> str:
    ids = {finding.id for finding in findings}
    if ids & _UNREADABLE:
        return SERVICE_NOT_JSON
    if any(id_.startswith(("engine-", "output-")) for id_ in ids):
        return "The open engine cannot run this analysis."
    return _SCHEMA


def _last_words(root: Path, message: str, code: int) -> int:
    """Write what a person reads as the job's exit message: its first 1024 bytes, whole letters."""
    log.error("%s", message)
    file = under(root, MESSAGE_FILE)
    file.parent.mkdir(parents=True, exist_ok=True)
    short = message.encode()[:EXIT_MESSAGE_MAX].decode(errors="ignore")
    file.write_text(short, encoding="utf-8")
    return code


def _where(error: BaseException) -> str:
    """Return type and place of an unexpected exception; its own text may hold a cell."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "clarify_" in frame.filename] or frames
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


@contextmanager
def _logging_to_stdout() -> Iterator[None]:
    """Print what the engine logs as plain lines, and nothing of what other libraries log."""
    engine = logging.getLogger("clarify_engine")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    before = engine.level, engine.propagate
    engine.addHandler(handler)
    engine.setLevel(logging.INFO)
    engine.propagate = False
    try:
        yield
    finally:
        engine.removeHandler(handler)
        engine.level, engine.propagate = before
