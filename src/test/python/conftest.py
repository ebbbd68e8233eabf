"""What the launcher makes of the bundled corpus, once a test run."""

import json
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[3]
DEMO = ROOT / "src/main/resources/io/palispark/demo"


def palispark(command, **settings):
    arguments = [f"{key.replace('__', '.').replace('_', '-')}={value}" for key, value in settings.items()]
    options = [word for argument in arguments for word in ("--set", argument)]
    subprocess.run([ROOT / "jobs/palispark", command, *options], check=True, timeout=600)


@pytest.fixture(scope="session")
def rows(tmp_path_factory):
    """A dataset of segmentation, caption and question rows, with a file a split beside its shards."""
    folder = tmp_path_factory.mktemp("prepared") / "rows"
    palispark(
        "prepare",
        input__annotations=DEMO / "annotations",
        input__images=DEMO / "images",
        task="[segment, caption, vqa]",
        output__path=folder,
        output__single_file="true",
    )
    return folder


@pytest.fixture(scope="session")
def tars(tmp_path_factory):
    """The pictures as WebDataset shards of at most 40 pictures."""
    folder = tmp_path_factory.mktemp("sharded") / "tars"
    palispark("shard", input__images=DEMO / "images", shard__images=40, output__path=folder)
    return folder


@pytest.fixture(scope="session")
def manifest(rows):
    return json.loads((rows / "manifest.json").read_text())
