"""COCO through the data source and the SQL functions in PySpark: read, encode, write Parquet, decode back.

Needs target/palispark.jar (mvn package) and pyspark 3.5 or 4: pytest src/test/python/test_sql_functions.py
"""

import json

import pytest

pyspark = pytest.importorskip("pyspark")
from pyspark.sql import SparkSession, functions as F  # noqa: E402

from conftest import DEMO, ROOT, palispark  # noqa: E402

JAR = ROOT / "target" / "palispark.jar"


@pytest.fixture(scope="module")
def spark():
    if not JAR.exists():
        pytest.skip(f"no {JAR}: run mvn package first")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", str(JAR))
        .config("spark.sql.extensions", "io.palispark.spark.PalisparkExtensions")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


def objects(spark):
    return (
        spark.read.format("palispark-annotations")
        .option("format", "coco")
        .option("images", str(DEMO / "images"))
        .load(str(DEMO / "annotations/instances.json"))
        .where("kind = 'object' AND reject IS NULL AND NOT crowd")
    )


def test_coco_goes_through_tokens_and_parquet_and_back(spark, tmp_path):
    encoded = objects(spark).withColumn(
        "suffix", F.expr("paligemma_encode(label, bbox, segmentation, height, width)")
    )
    encoded.write.parquet(str(tmp_path / "rows"))

    back = spark.read.parquet(str(tmp_path / "rows")).withColumn(
        "object", F.expr("paligemma_decode(suffix, height, width)[0]")
    )
    result = back.selectExpr(
        "suffix", "label", "object.label AS decoded", "mask_iou(segmentation, object.segmentation) AS iou"
    ).collect()

    assert len(result) == 214
    assert all(row.suffix.count("<loc") == 4 and row.suffix.count("<seg") == 16 for row in result)
    assert all(row.decoded == row.label for row in result)
    assert sum(row.iou for row in result) / len(result) > 0.85


def test_annotations_are_a_view_in_sql(spark):
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW demo USING `palispark-annotations`"
        f" OPTIONS (path '{DEMO / 'annotations'}')"
    )
    kinds = dict(spark.sql("SELECT kind, count(*) FROM demo WHERE reject IS NULL GROUP BY kind").collect())

    assert kinds == {"image": 192, "object": 215, "caption": 192, "question": 286}


def test_a_broken_file_is_a_reject_and_no_failure(spark, tmp_path):
    (tmp_path / "cut.json").write_text((DEMO / "annotations/instances.json").read_text()[:5000])
    rows = spark.read.format("palispark-annotations").load(str(tmp_path)).collect()

    assert [(row.kind, row.reject) for row in rows] == [("file", "syntax-invalid")]


def test_predictions_are_a_table(spark, tmp_path):
    (tmp_path / "answers.jsonl").write_text(
        json.dumps(
            {
                "image": "a.jpg",
                "prefix": "detect mug",
                "text": "<loc0000><loc0000><loc0512><loc0512> mug",
                "width": 640,
                "height": 480,
            }
        )
    )
    palispark("decode", input__path=tmp_path / "answers.jsonl", output__path=tmp_path / "predictions")
    rows = (
        spark.read.format("palispark-predictions")
        .load(str(tmp_path / "predictions"))
        .selectExpr("image", "inline(objects)")
        .collect()
    )

    assert [(row.image, row.label) for row in rows] == [("a.jpg", "mug")]


def test_malformed_values_are_null_and_no_failure(spark):
    row = spark.sql(
        "SELECT paligemma_encode('cat', array(0, 0, -1, 5), null, 480, 640) AS suffix,"
        " paligemma_parse('<loc0001> cat')[0].defect.code AS defect, rle_area('{') AS area"
    ).first()

    assert row.suffix is None and row.area is None
    assert row.defect
