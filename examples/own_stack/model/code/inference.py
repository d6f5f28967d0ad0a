"""A model as SageMaker serves it: what costs less than 500 euros is paid."""

import numpy as np


def model_fn(folder):
    return None


def predict_fn(claims, model):
    euros = claims[:, 0].astype(float)
    return np.where(euros < 500, "yes", "no")
