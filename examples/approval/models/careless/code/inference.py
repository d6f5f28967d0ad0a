"""A model as SageMaker serves it: it has learnt to ask more years of women."""

import numpy as np


def model_fn(folder):
    return None


def predict_fn(applicants, model):
    needed = np.where(applicants[:, 1] == "f", 9, 5)
    return np.where(applicants[:, 0].astype(float) >= needed, "yes", "no")
