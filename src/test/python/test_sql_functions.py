"""COCO objects through the SQL functions in PySpark: encode, write Parquet, decode back.

Needs target/palispark.jar (mvn package) and pyspark 3.5 or 4: pytest src/test/python/test_sql_functions.py
"""

import json
from pathlib import Path

import pytest

pyspark = pytest.importorskip("pyspark")
from pyspark.sql import SparkSession, functions as F  # noqa: E402

HOME = Path(__file__).resolve().parents[3]
JAR = HOME / "target" / "palispark.jar"
INSTANCES = HOME / "src/main/resources/io/palispark/demo/annotations/instances.json"


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
    coco = json.loads(INSTANCES.read_text())
    images = {image["id"]: image for image in coco["images"]}
    names = {category["id"]: category["name"] for category in coco["categories"]}
    rows = []
    for annotation in coco["annotations"]:
        if not annotation["iscrowd"]:
            image = images[annotation["image_id"]]
            rows.append(
                (
                    annotation["id"],
                    names[annotation["category_id"]],
                    [float(edge) for edge in annotation["bbox"]],
                    json.dumps(annotation["segmentation"]),
                    image["height"],
                    image["width"],
                )
            )
    return spark.createDataFrame(
        rows, "id long, label string, bbox array<double>, segmentation string, height int, width int"
    )


def test_objects_go_through_tokens_and_parquet_and_back(spark, tmp_path):
    encoded = objects(spark).withColumn(
        "suffix", F.expr("paligemma_encode(label, bbox, segmentation, height, width)")
    )
    encoded.write.parquet(str(tmp_path / "rows"))

    back = spark.read.parquet(str(tmp_path / "rows")).withColumn(
        "object", F.expr("paligemma_decode(suffix, height, width)[0]")
    )
    back = back.withColumn(
        "original",
        F.expr("polygon_to_rle(from_json(segmentation, 'array<array<double>>'), height, width)"),
    )
    result = back.selectExpr(
        "suffix", "label", "object.label AS decoded", "mask_iou(original, object.segmentation) AS iou"
    ).collect()

    assert len(result) == 214
    assert all(row.suffix.count("<loc") == 4 and row.suffix.count("<seg") == 16 for row in result)
    assert all(row.decoded == row.label for row in result)
    ious = [row.iou for row in result if row.iou is not None]
    assert len(ious) > 150
    assert sum(ious) / len(ious) > 0.85


def test_malformed_values_are_null_and_no_failure(spark):
    row = spark.sql(
        "SELECT paligemma_encode('cat', array(0, 0, -1, 5), null, 480, 640) AS suffix,"
        " paligemma_parse('<loc0001> cat')[0].defect.code AS defect, rle_area('{') AS area"
    ).first()

    assert row.suffix is None and row.area is None
    assert row.defect
