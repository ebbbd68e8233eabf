"""`generate` and `evaluate` on the demo corpus against pycocotools; run by pytest from the repository's root."""

import pathlib
import subprocess

import pytest

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

import score_coco_results  # noqa: E402

ROOT = pathlib.Path(__file__).parents[3]


def test_the_demos_results_have_evaluates_numbers(tmp_path):
    subprocess.run([ROOT / "jobs/palispark", "demo", "--out", tmp_path], check=True, timeout=600)
    assert (
        score_coco_results.main(
            str(tmp_path / "corpus/annotations/instances.json"),
            str(tmp_path / "metrics/metrics.json"),
            f"boxes={tmp_path / 'predictions/coco_results.json'}",
            f"masks={tmp_path / 'predictions/coco_results_segm.json'}",
        )
        == 0
    )
