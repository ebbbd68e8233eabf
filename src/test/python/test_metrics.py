"""A running job as Prometheus sees it: its counters grow while it works and are the manifest's when it has published.

Needs target/palispark.jar (mvn package) and pyspark 3.5 or 4: pytest src/test/python/test_metrics.py
"""

import collections
import json
import threading
import time
import urllib.request

import pytest

pyspark = pytest.importorskip("pyspark")
from pyspark.sql import SparkSession  # noqa: E402

import many_objects  # noqa: E402
from conftest import DEMO, ROOT  # noqa: E402

JAR = ROOT / "target" / "palispark.jar"
SINK = "spark.metrics.conf.*.sink.prometheusServlet"


@pytest.fixture(scope="module")
def spark():
    if not JAR.exists():
        pytest.skip(f"no {JAR}: run mvn package first")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", str(JAR))
        .config("spark.plugins", "io.palispark.spark.PalisparkPlugin")
        .config("spark.ui.enabled", "true")
        .config("spark.ui.port", "0")
        .config("spark.metrics.namespace", "palispark")
        .config(f"{SINK}.class", "org.apache.spark.metrics.sink.PrometheusServlet")
        .config(f"{SINK}.path", "/metrics/prometheus")
        .getOrCreate()
    )
    yield session
    session.stop()


def scrape(spark):
    port = spark.sparkContext.uiWebUrl.rsplit(":", 1)[1]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics/prometheus") as page:
        lines = page.read().decode().splitlines()
    start = "metrics_palispark_driver_plugin_io_palispark_spark_PalisparkPlugin_"
    values = {}
    for line in lines:
        if line.startswith(start) and "_Value" in line:
            values[line[len(start) : line.index("_Value")]] = float(line.rsplit(" ", 1)[1])
    return values


def prepare(spark, *settings):
    jvm = spark._jvm
    overrides = jvm.java.util.ArrayList()
    for setting in settings:
        overrides.add(setting)
    config = jvm.io.palispark.job.PrepareConfig.read(jvm.java.util.Optional.empty(), overrides)
    jvm.io.palispark.job.PrepareJob.run(spark._jsparkSession, config)


def test_counters_grow_and_end_as_the_manifests(spark, tmp_path):
    many_objects.write(20, tmp_path / "instances.json")
    job = threading.Thread(
        target=prepare,
        args=(
            spark,
            f"input.annotations={tmp_path / 'instances.json'}",
            f"input.images={DEMO / 'images'}",
            f"output.path={tmp_path / 'rows'}",
            "output.shard-bytes=128KiB",
            "split.near-duplicates=false",
        ),
    )
    job.start()
    objects = set()
    rates = set()
    while job.is_alive():
        seen = scrape(spark)
        objects.add(seen["objects"])
        rates.add(seen["objects_per_second"])
        time.sleep(0.2)
    job.join()
    last = scrape(spark)
    manifest = json.loads((tmp_path / "rows/manifest.json").read_text())

    assert any(0 < count < 4300 for count in objects)
    assert max(rates) > 0
    assert last["batch_size"] > 1
    assert last["queue_depth"] == 0
    assert last["objects"] == manifest["counts"]["object"]["input"] == 4300
    assert last["images"] == manifest["counts"]["image"]["input"] == 1920
    assert last["rows"] == sum(split.get("rows", 0) for split in manifest["splits"].values())
    rejects = collections.Counter()
    for reason in manifest["reasons"]:
        if reason["outcome"].startswith("reject"):
            rejects[reason["reason"]] += reason["count"]
    assert rejects["crowd-region"] == 20
    assert {name: last[f"rejects_{name.replace('-', '_')}"] for name in rejects} == rejects
