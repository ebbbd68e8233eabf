"""What `prepare` and `shard` write, loaded by the readers of others."""

import io
import json

import pytest
from conftest import DEMO, palispark


def row_counts(manifest):
    return {split: counts["rows"] for split, counts in manifest["splits"].items()}


def test_datasets_loads_every_row_of_every_split(rows, manifest, tmp_path):
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    shards = {}
    for shard in manifest["shards"]:
        if not shard["path"].endswith(".meta.jsonl"):
            shards.setdefault(shard["path"].split("/")[1].split("-")[0], []).append(str(rows / shard["path"]))

    loaded = datasets.load_dataset("json", data_files=shards, cache_dir=str(tmp_path))

    assert {split: len(part) for split, part in loaded.items()} == row_counts(manifest)
    for part in loaded.values():
        assert part.column_names == ["image", "prefix", "suffix"]
        assert all((DEMO / "images" / name).is_file() for name in part["image"])


def test_datasets_opens_the_pictures_of_parquet_shards(tmp_path):
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    palispark("shard", input__images=DEMO / "images", shard__format="parquet", output__path=tmp_path / "parquet")

    loaded = datasets.load_dataset(
        "parquet",
        data_files=sorted(map(str, (tmp_path / "parquet").rglob("*.parquet"))),
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )

    assert isinstance(loaded.features["image"], datasets.Image)
    assert len(loaded) == len(list((DEMO / "images").iterdir()))
    assert all(picture.width > 0 for picture in loaded["image"])


def test_webdataset_finds_every_picture_byte_for_byte(tars):
    webdataset = pytest.importorskip("webdataset", reason="webdataset is not installed")
    shards = sorted(map(str, tars.rglob("*.tar")))
    assert len(shards) == 3

    found = {}
    for sample in webdataset.WebDataset(shards, shardshuffle=False):
        facts = json.loads(sample["json"])
        pictures = [content for kind, content in sample.items() if kind in ("jpg", "png")]
        assert len(pictures) == 1
        found[facts["image"]] = pictures[0]

    assert found == {path.name: path.read_bytes() for path in (DEMO / "images").iterdir()}


def test_webdataset_decodes_the_pictures(tars):
    webdataset = pytest.importorskip("webdataset", reason="webdataset is not installed")
    pytest.importorskip("PIL", reason="pillow is not installed")
    decoded = webdataset.WebDataset(sorted(map(str, tars.rglob("*.tar"))), shardshuffle=False).decode("pil")

    assert sum(1 for sample in decoded if (sample.get("jpg") or sample.get("png")).width > 0) == 96


def big_vision_examples(file, folder):
    """big_vision's rules for a JSON Lines source with `fopen_keys={"image": folder}`.

    Every line of the file, the last one too, must be JSON, with no blank between; the keys of the first row are those of
    all rows; values are flat, of one type a key; `image` behind the folder is a file that opens; `id` is given by the reader.
    """
    examples = []
    with open(file, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            try:
                examples.append(json.loads(line))
            except json.JSONDecodeError as invalid:
                raise ValueError(f"line {number} is not JSON: {line!r}") from invalid
    signature = {key: type(value) for key, value in examples[0].items()}
    for example in examples:
        if {key: type(value) for key, value in example.items()} != signature:
            raise ValueError(f"{example} has not the signature {signature}")
        yield {**example, "image": (folder / example["image"]).read_bytes()}


def test_big_visions_rules_hold_for_every_row(rows, manifest):
    for split, count in row_counts(manifest).items():
        examples = list(big_vision_examples(rows / f"{split}.jsonl", DEMO / "images"))
        assert len(examples) == count
        for example in examples:
            assert set(example) == {"image", "prefix", "suffix"}
            assert "\n" not in example["prefix"] and "\n" not in example["suffix"]


def test_big_visions_rules_refuse_a_blank_line(rows, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text((rows / "train.jsonl").read_text() + "\n")

    with pytest.raises(ValueError, match="is not JSON"):
        list(big_vision_examples(broken, DEMO / "images"))


def test_pictures_of_rows_decode_to_the_size_of_the_annotations(rows):
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed")
    sizes = {
        picture["file_name"]: (picture["width"], picture["height"])
        for picture in json.loads((DEMO / "annotations/instances.json").read_text())["images"]
    }
    for line in (rows / "train.jsonl").read_text().splitlines():
        name = json.loads(line)["image"]
        with image.open(io.BytesIO((DEMO / "images" / name).read_bytes())) as picture:
            assert picture.size == sizes[name]
