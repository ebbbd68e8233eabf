"""prepare → audit → gates → generate → evaluate → report, by hand or by another DAG.

The dataset's folder is one for all runs, so that a run with nothing new encodes nothing; what a model answers to it, and
the pages, are in a folder a run.
"""

from __future__ import annotations

from airflow.sdk.exceptions import AirflowFailException
from airflow.sdk import Param, dag, task

from palispark_airflow import PARAMS, RUN, checked_manifest, read, submit

WORK = "{{ params.work }}"
OF_RUN = f"{WORK}/{RUN}"


@task
def check(path: str) -> dict:
    return checked_manifest(path)


@task
def audit_gate(path: str, least: str) -> dict:
    """Stops the run before a GPU is asked for when tokens destroy too much of the masks."""
    minimum = float(least)
    everything = next(group for group in read(path)["groups"] if group["name"] == "all")
    if everything["iou_rounded"] < minimum:
        raise AirflowFailException(
            f"Cannot go on to generate: masks keep a mean IoU of {everything['iou_rounded']:.4f} through their tokens,"
            f" and minimum_iou is {minimum}; the worst objects are in the audit's report beside {path}"
        )
    return {"objects": everything["objects"], "iou": everything["iou_rounded"]}


@dag(
    dag_id="palispark_pipeline",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params={
        **PARAMS,
        "truth": Param("/data/annotations/instances.json", type="string", description="ground truth in COCO form"),
        "checkpoint": Param("standin", type="string", description="model.path of generate"),
        "minimum_iou": Param(0.8, type="number", description="least mean IoU of the audit"),
        "generate": Param([], type="array", description="more settings of generate, key=value"),
    },
    tags=["palispark"],
    doc_md=__doc__,
)
def palispark_pipeline():
    prepare = submit(
        "prepare",
        {
            "input.annotations": "{{ params.annotations }}",
            "input.images": "{{ params.images }}",
            "output.path": f"{WORK}/dataset",
        },
        more="prepare",
    )
    audit = submit("audit", {"input.annotations": "{{ params.truth }}", "output.path": f"{OF_RUN}/audit"})
    generate = submit(
        "generate",
        {
            "input.rows": f"{WORK}/dataset",
            "input.images": "{{ params.images }}",
            "input.ground-truth": "{{ params.truth }}",
            "model.path": "{{ params.checkpoint }}",
            "output.path": f"{OF_RUN}/predictions",
        },
        more="generate",
    )
    evaluate = submit(
        "evaluate",
        {
            "input.predictions": f"{OF_RUN}/predictions",
            "input.ground-truth": "{{ params.truth }}",
            "output.path": f"{OF_RUN}/metrics",
        },
    )
    report = submit(
        "report",
        {
            "input.dataset": f"{WORK}/dataset",
            "input.audit": f"{OF_RUN}/audit",
            "input.predictions": f"{OF_RUN}/predictions",
            "input.metrics": f"{OF_RUN}/metrics",
            "input.ground-truth": "{{ params.truth }}",
            "input.images": "{{ params.images }}",
            "output.path": f"{OF_RUN}/report",
        },
    )
    checked = check(f"{WORK}/dataset/manifest.json")
    gated = audit_gate(f"{OF_RUN}/audit/audit.json", "{{ params.minimum_iou }}")
    prepare >> checked >> audit >> gated >> generate >> evaluate >> report


palispark_pipeline()
