"""An endpoint that speaks JSON: full time, an income of 30 will do; else it takes one of 60."""

import json


def model_fn(folder):
    return None


def input_fn(body, content_type):
    return json.loads(body)["instances"]


def predict_fn(applicants, model):
    return [
        "yes" if applicant["income"] >= (30 if applicant["hours"] >= 35 else 60) else "no"
        for applicant in applicants
    ]


def output_fn(answers, accept):
    return json.dumps({"predictions": [{"repays": answer} for answer in answers]})
