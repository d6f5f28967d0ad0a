"""Writes `applications.parquet`: 160 made-up applications, so many of each kind."""

import pyarrow as pa
import pyarrow.parquet as pq

# department, sex, career break: applications, and how many of them led to an offer
APPLICATIONS = {
    ("engineering", "m", "no"): (28, 24),
    ("engineering", "m", "yes"): (28, 18),
    ("engineering", "f", "no"): (12, 10),
    ("engineering", "f", "yes"): (12, 8),
    ("support", "m", "no"): (12, 4),
    ("support", "m", "yes"): (12, 2),
    ("support", "f", "no"): (28, 10),
    ("support", "f", "yes"): (28, 4),
}

rows = [
    {
        "department": department,
        "sex": sex,
        "career_break": pause,
        "offer": "yes" if number < offers else "no",
    }
    for (department, sex, pause), (applications, offers) in APPLICATIONS.items()
    for number in range(applications)
]
pq.write_table(pa.Table.from_pylist(rows), "applications.parquet")
