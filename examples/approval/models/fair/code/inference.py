"""A model as SageMaker serves it: whoever has worked for five years is hired."""

import numpy as np


def model_fn(folder):
    return None


def predict_fn(applicants, model):
    return np.where(applicants[:, 0].astype(float) >= 5, "yes", "no")
