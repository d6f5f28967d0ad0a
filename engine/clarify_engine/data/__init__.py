"""A dataset of any of the service's formats, as batches of typed columns."""

from clarify_engine.data.dataset import Consumer, Dataset
from clarify_engine.data.opening import dataset_path, open_dataset

__all__ = ["Consumer", "Dataset", "dataset_path", "open_dataset"]
