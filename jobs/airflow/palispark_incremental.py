"""Every hour: what came, went or changed among annotations and pictures is prepared; the rest keeps its files.

`prepare` itself finds out what is new: parts of the same records, pictures and settings stay as they are, and a run with
nothing new stops after listing. `check` tells how many objects were encoded.
"""

from __future__ import annotations

from datetime import datetime

from airflow.sdk import dag, task

from palispark_airflow import PARAMS, checked_manifest, submit


@task
def check(path: str) -> dict:
    return checked_manifest(path)


@dag(
    dag_id="palispark_incremental",
    schedule="@hourly",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # two runs into one folder would only repeat each other's work
    max_active_runs=1,
    params=PARAMS,
    tags=["palispark"],
    doc_md=__doc__,
)
def palispark_incremental():
    prepare = submit(
        "prepare",
        {
            "input.annotations": "{{ params.annotations }}",
            "input.images": "{{ params.images }}",
            "output.path": "{{ params.work }}/dataset",
        },
        more="prepare",
    )
    prepare >> check("{{ params.work }}/dataset/manifest.json")


palispark_incremental()
