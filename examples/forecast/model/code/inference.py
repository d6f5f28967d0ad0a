"""Forecasts two days of sales: by the same weekday of last week, the last day, and its weather."""

import json


def model_fn(folder):
    return None


def input_fn(body, content_type):
    return json.loads(body)["instances"]


def predict_fn(kiosks, model):
    return [forecast(kiosk["sales"], kiosk["related"][0]) for kiosk in kiosks]


def forecast(sales, temperature):
    known = 0.25 * sales[-1] + 2 * temperature[-1]
    return [known + 0.5 * sales[-7], known + 0.5 * sales[-6]]


def output_fn(forecasts, accept):
    return json.dumps({"predictions": [{"mean": forecast} for forecast in forecasts]})
