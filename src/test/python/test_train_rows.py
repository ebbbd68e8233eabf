"""Prepared rows train a model of transformers: the bundled stand-in learns from them."""

import json

import pytest
from conftest import DEMO, ROOT

torch = pytest.importorskip("torch", reason="torch is not installed")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")
Image = pytest.importorskip("PIL.Image", reason="pillow is not installed")

CHECKPOINT = ROOT / "src/main/resources/io/palispark/standin/paligemma"
IGNORED = -100
STEPS = 20
BATCH = 8


@pytest.fixture(scope="module")
def processor():
    return transformers.PaliGemmaProcessor.from_pretrained(CHECKPOINT)


@pytest.fixture(scope="module")
def examples(rows):
    return [json.loads(line) for line in (rows / "train.jsonl").read_text().splitlines()]


def batch(processor, examples):
    return processor(
        text=["<image>" + example["prefix"] for example in examples],
        images=[Image.open(DEMO / "images" / example["image"]).convert("RGB") for example in examples],
        suffix=[example["suffix"] for example in examples],
        return_tensors="pt",
        padding="longest",
    )


def test_labels_are_the_suffix_and_its_end_alone(processor, examples):
    chosen = [next(e for e in examples if e["prefix"].startswith(verb)) for verb in ("segment", "caption", "answer")]
    encoded = batch(processor, chosen)

    for example, labels, ids in zip(chosen, encoded["labels"], encoded["input_ids"]):
        trained = labels[labels != IGNORED]
        suffix = processor.tokenizer(example["suffix"], add_special_tokens=False)["input_ids"]
        assert trained.tolist() == suffix + [processor.tokenizer.eos_token_id]
        assert (ids[-len(trained) :] == trained).all()
        masked = ids[labels == IGNORED].tolist()
        prefix = processor.tokenizer(example["prefix"] + "\n", add_special_tokens=False)["input_ids"]
        assert masked[-len(prefix) :] == prefix


def test_location_and_mask_tokens_are_one_label_each(processor, examples):
    suffix = next(e["suffix"] for e in examples if e["prefix"].startswith("segment") and e["suffix"])
    pieces = processor.tokenizer.convert_ids_to_tokens(processor.tokenizer(suffix, add_special_tokens=False)["input_ids"])

    assert sum(piece.startswith("<loc") for piece in pieces) == suffix.count("<loc")
    assert sum(piece.startswith("<seg") for piece in pieces) == suffix.count("<seg") > 0


def test_the_loss_falls_over_twenty_steps(processor, examples):
    torch.manual_seed(0)
    model = transformers.PaliGemmaForConditionalGeneration.from_pretrained(CHECKPOINT, dtype=torch.float32).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-4)
    fixed = batch(processor, examples[:BATCH])

    losses = []
    for _ in range(STEPS):
        loss = model(**fixed).loss
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    print("loss by step:", " ".join(f"{loss:.3f}" for loss in losses))
    assert losses[-1] < losses[0] / 2
    assert max(losses[10:]) < min(losses[:3])
