"""The DAGs of jobs/airflow parse in a real Airflow and have the tasks they promise."""

import sys

import pytest
from conftest import ROOT

pytest.importorskip("airflow", reason="apache-airflow is not installed")
pytest.importorskip("airflow.providers.apache.spark", reason="the Spark provider is not installed")

FOLDER = ROOT / "jobs/airflow"


@pytest.fixture(scope="module")
def bag():
    from airflow.dag_processing.dagbag import DagBag

    sys.path.insert(0, str(FOLDER))  # as Airflow does with its DAG folder
    return DagBag(str(FOLDER))


def test_every_file_is_imported_without_errors(bag):
    assert bag.import_errors == {}
    assert set(bag.dags) == {"palispark_pipeline", "palispark_incremental"}


def test_the_pipeline_asks_for_no_model_before_the_audit_gate(bag):
    pipeline = bag.dags["palispark_pipeline"]

    assert [task.task_id for task in pipeline.topological_sort()] == [
        "prepare",
        "check",
        "audit",
        "audit_gate",
        "generate",
        "evaluate",
        "report",
    ]


def test_every_command_is_retried(bag):
    submitted = [task for dag in bag.dags.values() for task in dag.tasks if hasattr(task, "application_args")]

    assert len(submitted) == 6
    assert all(task.retries == 2 for task in submitted)
