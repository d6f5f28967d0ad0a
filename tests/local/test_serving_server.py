"""A model is served in a process of its own, and its failures come back as clear errors."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from clarify_local.serving import (
    ArtifactError,
    ModelError,
    ModelUnavailable,
    process,
    serve_model,
)
from support_local.models import model, packed

SUMS = """
class Sums:
    def predict(self, rows):
        return rows.sum(axis=1)

def model_fn(model_dir):
    return Sums()
"""


def tell(code: str) -> str:
    """Return inference code whose answer is `code`'s value, as JSON."""
    return f"""
import json, os, sys
def model_fn(model_dir): return None
def transform_fn(model, body, content_type, accept): return json.dumps({code})
"""


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/csv", b"1,2\n3,4.5\n"),
        ("text/csv; charset=utf-8", b"1,2\r\n3,4.5"),
        ("application/json", b"[[1, 2], [3, 4.5]]"),
        ("application/jsonlines", b"[1, 2]\n[3, 4.5]\n"),
    ],
)
def test_absent_handlers_have_defaults(content_type: str, body: bytes) -> None:
    with serve_model(model(SUMS)) as server:
        assert server.predict(body, content_type, "text/csv") == (b"3.0\n7.5\n", "text/csv")
        assert server.predict(body, content_type, "application/json")[0] == b"[3.0, 7.5]"
        assert server.predict(body, content_type, "application/jsonlines")[0] == b"3.0\n7.5\n"


def test_numpy_bodies_go_in_and_out() -> None:
    import io

    import numpy as np

    body = io.BytesIO()
    np.save(body, np.array([[0.1, 0.2]]))
    with serve_model(model(SUMS)) as server:
        answer, kind = server.predict(body.getvalue(), "application/x-npy", "application/x-npy")
    assert kind == "application/x-npy"
    assert np.load(io.BytesIO(answer)).tolist() == [0.1 + 0.2]


def test_one_csv_row_is_one_record() -> None:
    with serve_model(model(SUMS)) as server:
        assert server.predict(b"1,2", "text/csv", "text/csv")[0] == b"3.0\n"


def test_text_arrives_as_text_and_bytes_as_bytes() -> None:
    code = tell("type(body).__name__")
    with serve_model(model(code)) as server:
        for content_type in ("text/csv", "application/json"):
            assert json.loads(server.predict(b"1", content_type, "text/csv")[0]) == "str"
        assert json.loads(server.predict(b"\xff", "image/jpeg", "text/csv")[0]) == "bytes"


def test_the_models_own_handlers_are_used() -> None:
    code = """
def model_fn(model_dir, context): return 10
def input_fn(body, content_type): return [int(x) for x in body.split()]
def predict_fn(data, model): return [x * model for x in data]
def output_fn(prediction, accept): return "|".join(map(str, prediction)), "text/plain"
"""
    with serve_model(model(code)) as server:
        assert server.predict(b"1 2", "text/csv", "text/csv") == (b"10|20", "text/plain")


def test_the_model_inherits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("SOME_SECRET", "s3cret")
    with serve_model(model(tell("dict(os.environ)")), {"LEVEL": "7"}) as server:
        seen = json.loads(server.predict(b"", "text/csv", "text/csv")[0])
    assert seen["LEVEL"] == "7"
    assert seen["AWS_EC2_METADATA_DISABLED"] == "true"
    assert not {"AWS_ACCESS_KEY_ID", "HTTPS_PROXY", "SOME_SECRET"} & seen.keys()
    assert seen["HOME"] != os.environ.get("HOME")


def test_files_beside_the_code_can_be_imported_and_read() -> None:
    code = """
import helper
def model_fn(model_dir): return open(model_dir + "/weights").read()
def predict_fn(data, model): return [helper.twice(model)]
"""
    artifact = packed(
        {
            "code/inference.py": code,
            "code/helper.py": "def twice(x): return x + x\n",
            "weights": "ab",
        }
    )
    with serve_model(artifact) as server:
        assert server.predict(b"1", "text/csv", "application/json")[0] == b'["abab"]'


def test_what_the_model_prints_goes_to_its_log_and_not_into_an_answer() -> None:
    code = "import os\nprint('loading')\n" + SUMS + "\nos.system('echo from a child')\n"
    with serve_model(model(code)) as server:
        assert server.predict(b"1", "text/csv", "text/csv")[0] == b"1.0\n"
        assert "loading" in server.log
        assert "from a child" in server.log


def test_a_failing_request_names_type_and_place_but_no_data_and_the_next_one_works() -> None:
    code = """
def model_fn(model_dir): return None
def predict_fn(data, model):
    if data[0][0] == "canary": raise ValueError("cannot read " + data[0][0])
    return data
"""
    with serve_model(model(code)) as server:
        with pytest.raises(ModelError, match=r"ValueError in code/inference\.py, line 4") as caught:
            server.predict(b"canary,1\n", "text/csv", "text/csv")
        assert "canary" not in str(caught.value)
        assert "canary" in server.log
        assert server.predict(b"5", "text/csv", "text/csv")[0] == b"5.0\n"


def test_an_unreadable_body_is_the_models_error() -> None:
    with serve_model(model(SUMS)) as server:
        with pytest.raises(ModelError, match="JSONDecodeError in the default handlers"):
            server.predict(b"{", "application/json", "text/csv")
        with pytest.raises(ModelError, match="ValueError in the default handlers"):
            server.predict(b"x", "image/jpeg", "text/csv")


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"weights": "1"}, "holds no code/inference.py"),
        ({"code/inference.py": "x = 1"}, "defines no model_fn"),
        ({"code/inference.py": "import no_such_package"}, "No module named 'no_such_package'"),
        ({"code/inference.py": "def model_fn(d): raise OSError('bad weights')"}, "bad weights"),
        ({"code/inference.py": "import os; os._exit(3)"}, r"process ended \(exit code 3\)"),
        (
            {"code/inference.py": SUMS + "\ntransform_fn = input_fn = print"},
            "define one kind",
        ),
    ],
)
def test_a_model_that_does_not_load_says_why(members: dict[str, str], reason: str) -> None:
    with pytest.raises(ModelUnavailable, match=reason):
        serve_model(packed(members))


def test_an_unreadable_artifact_starts_nothing() -> None:
    with pytest.raises(ArtifactError):
        serve_model(b"no archive")


def test_a_model_that_hangs_is_stopped_and_started_again() -> None:
    code = """
import time
def model_fn(model_dir): return None
def predict_fn(data, model):
    if data[0][0] == 0: time.sleep(60)
    return data
"""
    with serve_model(model(code), invoke_seconds=2) as server:
        with pytest.raises(ModelUnavailable, match=r"no answer within 2 seconds"):
            server.predict(b"0", "text/csv", "text/csv")
        assert server.predict(b"1", "text/csv", "text/csv")[0] == b"1.0\n"


def test_a_model_that_hangs_while_loading_is_stopped() -> None:
    with pytest.raises(ModelUnavailable, match=r"no answer within 0\.5 seconds"):
        serve_model(model("import time\ntime.sleep(60)"), start_seconds=0.5)


def test_a_model_that_crashes_says_so_and_is_started_again() -> None:
    code = """
import os
def model_fn(model_dir): return None
def predict_fn(data, model):
    if data[0][0] == 0: os._exit(7)
    return data
"""
    with serve_model(model(code)) as server:
        with pytest.raises(ModelUnavailable, match=r"exit code 7"):
            server.predict(b"0", "text/csv", "text/csv")
        assert server.predict(b"1", "text/csv", "text/csv")[0] == b"1.0\n"


def test_an_interrupted_request_does_not_answer_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(pipe: object) -> None:
        raise KeyboardInterrupt

    with serve_model(model(SUMS)) as server:
        with monkeypatch.context() as patch:
            patch.setattr(process, "read_frame", interrupted)
            with pytest.raises(KeyboardInterrupt):
                server.predict(b"1", "text/csv", "text/csv")
        assert server.predict(b"2", "text/csv", "text/csv")[0] == b"2.0\n"


def test_closing_ends_the_process_and_removes_its_files() -> None:
    server = serve_model(model(tell("[os.getpid(), os.getcwd()]")))
    pid, folder = json.loads(server.predict(b"", "text/csv", "text/csv")[0])
    server.close()
    server.close()
    assert not Path(folder).exists()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ModelUnavailable, match="no longer served"):
        server.predict(b"", "text/csv", "text/csv")


def test_large_bodies_pass() -> None:
    rows = b"1,2\n" * 300_000
    with serve_model(model(SUMS)) as server:
        answer, _ = server.predict(rows, "text/csv", "text/csv")
    assert answer == b"3.0\n" * 300_000
