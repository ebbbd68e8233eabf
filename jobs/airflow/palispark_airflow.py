"""What the DAGs of this folder share: a task a command, and the reading of what commands publish.

Folders may be on any file system that Spark and Airflow's object storage both know (file:, hdfs:, s3a: as s3:).
"""

from __future__ import annotations

import json
from datetime import timedelta

from airflow.sdk.exceptions import AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import ObjectStoragePath, Param

# A run id without what paths of Hadoop refuse.
RUN = "{{ run_id | replace(':', '') | replace('+', 'p') }}"

# A retry finds the parts that the killed attempt finished below the output's _staging and makes only the rest.
RETRIES = {"retries": 2, "retry_delay": timedelta(seconds=30), "execution_timeout": timedelta(hours=12)}

PARAMS = {
    "jar": Param("/opt/palispark/palispark.jar", type="string", description="palispark.jar, where spark-submit finds it"),
    "annotations": Param("/data/annotations", type="string", description="input.annotations of prepare"),
    "images": Param("/data/images", type="string", description="input.images of prepare and generate"),
    "work": Param("/data/palispark", type="string", description="folder for everything that is written"),
    "prepare": Param([], type="array", description="more settings of prepare, key=value"),
}


def submit(command: str, settings: dict[str, str], more: str = "", conf: dict[str, str] | None = None):
    """A task that runs a command through the connection `spark_default`.

    :param settings: `--set` keys and values, templated
    :param more: the param that holds further settings, or nothing
    :param conf: Spark settings, such as the GPU's for generate
    """
    arguments = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    arguments += ["--set", "{{ params." + more + " | join('\\n--set\\n') }}"] if more else []
    return Submit(
        task_id=command,
        name=f"palispark-{command}-{RUN}",
        application="{{ params.jar }}",
        java_class="io.palispark.cli.Main",
        application_args=[command, *arguments],
        conf=conf or {},
        **RETRIES,
    )


class Submit(SparkSubmitOperator):
    """spark-submit whose templated list of settings may hold any number of them, none included."""

    def execute(self, context):
        arguments = [word for argument in self.application_args for word in argument.split("\n")]
        if arguments[-2:] == ["--set", ""]:
            arguments = arguments[:-2]
        self.application_args = arguments
        return super().execute(context)


def read(path: str) -> dict:
    return json.loads(ObjectStoragePath(path).read_text())


def checked_manifest(path: str) -> dict:
    """The few facts of a prepared dataset that later tasks and people ask for; fails when nothing is in it."""
    manifest = read(path)
    rows = {split: counts.get("rows", 0) for split, counts in manifest["splits"].items()}
    if not sum(rows.values()):
        raise AirflowFailException(f"Cannot go on with {path}: the dataset has no rows; see its rejects folder")
    return {
        "fingerprint": manifest["fingerprint"],
        "rows": rows,
        "encoded_objects": manifest["run"]["encoded_objects"],
        "stand_in": manifest["weights"]["stand_in"],
    }
