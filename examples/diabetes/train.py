"""Makes the example: `python train.py FOLDER` writes `data.csv` and `model.tar.gz`.

The patients are scikit-learn's `load_diabetes`, which ships inside the package: nothing is
downloaded. Half of them train the model; the other half, which it has never seen, are written to
`data.csv` to be analysed. The same versions write the same bytes.
"""

import csv
import gzip
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent
PROGRESSION_THRESHOLD = 140.5
"""Disease progression after one year above which it counts as "high": the median of all 442."""
BMI_CLASSES = (25, 30)
"""Where the WHO's classes "overweight" and "obese" begin, in kg/m2."""
SEED = 0


def main(folder: Path) -> None:
    features, names, label = patients()
    seen, unseen = train_test_split(np.arange(len(label)), test_size=0.5, random_state=SEED)
    model = train(features[seen], label[seen])
    folder.mkdir(parents=True, exist_ok=True)
    write_data(folder / "data.csv", features[unseen], names, label[unseen])
    write_model(folder / "model.tar.gz", as_json(model, names))


def patients() -> tuple[np.ndarray, list[str], np.ndarray]:
    """Return the features (442 rows, 10 columns), their names, and the label: 1 for high."""
    data = load_diabetes(scaled=False)
    return data.data, list(data.feature_names), (data.target > PROGRESSION_THRESHOLD).astype(int)


def train(features: np.ndarray, label: np.ndarray) -> GradientBoostingClassifier:
    model = GradientBoostingClassifier(
        n_estimators=60, max_depth=2, learning_rate=0.1, random_state=SEED
    )
    return model.fit(features, label)


def as_json(model: GradientBoostingClassifier, names: list[str]) -> dict[str, object]:
    """Return the trees as plain lists: what `code/inference.py` reads."""
    positives = model.init_.class_prior_[1]
    return {
        "features": names,
        "initial_score": float(np.log(positives / (1 - positives))),
        "learning_rate": model.learning_rate,
        "trees": [
            {
                "feature": tree.feature.tolist(),
                "threshold": tree.threshold.tolist(),
                "left": tree.children_left.tolist(),
                "right": tree.children_right.tolist(),
                "value": tree.value[:, 0, 0].tolist(),
            }
            for tree in (estimator.tree_ for estimator in model.estimators_[:, 0])
        ],
    }


def write_data(path: Path, features: np.ndarray, names: list[str], label: np.ndarray) -> None:
    """Write one row per patient: the model's features, the body-mass-index class and the label."""
    whole = [bool((column % 1 == 0).all()) for column in features.T]
    bmi_class = np.digitize(features[:, names.index("bmi")], BMI_CLASSES)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([*names, "bmi_class", "high_progression"])
        for values, its_class, its_label in zip(features.tolist(), bmi_class, label, strict=True):
            numbers = [int(v) if w else v for v, w in zip(values, whole, strict=True)]
            rows.writerow([*numbers, its_class, its_label])


def write_model(path: Path, model: dict[str, object]) -> None:
    """Write the artifact SageMaker expects, with no time, owner or name of this machine in it."""
    members = {
        "model.json": json.dumps(model).encode(),
        "code/inference.py": (HERE / "code" / "inference.py").read_bytes(),
    }
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
