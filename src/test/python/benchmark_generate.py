"""The peer of `palispark benchmark generate`: the same checkpoint, pictures, prompt and number of tokens through transformers.

    python benchmark_generate.py CHECKPOINT --dtype float32 --batch 1,4 --new-tokens 64 [--compare LOGITS]...

--compare reads what `benchmark generate --logits` wrote and prints how far it is from these logits, as the length of the
difference over the length of these. Needs torch, transformers and tokenizers.
"""
import argparse
import resource
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import LogitsProcessor, PaliGemmaForConditionalGeneration

PROMPT = "detect cat ; dog"


class FirstToken(LogitsProcessor):
    """Keeps when the first token was chosen and from what."""

    seconds = logits = None

    def __call__(self, ids, scores):
        if self.logits is None:
            self.seconds, self.logits = time.perf_counter(), scores[-1].float().numpy().copy()
        return scores


def picture(number, side):
    i = np.arange(3 * side * side, dtype=np.int64)
    rgb = ((i * i * 31 + i * 7 + number * 13) >> 3) & 255
    return torch.tensor((rgb / 255).astype(np.float32).reshape(side, side, 3).transpose(2, 0, 1) * 2 - 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--batch", default="1,4,16")
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--compare", type=Path, action="append", default=[])
    parser.add_argument("--logits", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    start = time.perf_counter()
    model = PaliGemmaForConditionalGeneration.from_pretrained(
        options.checkpoint, dtype=getattr(torch, options.dtype), attn_implementation="eager").eval()
    print(f"transformers {options.dtype}: loading the model, s {time.perf_counter() - start:.1f}", flush=True)
    vision = model.config.vision_config
    text = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json")).encode("<bos>" + PROMPT + "\n", add_special_tokens=False).ids
    prompt = [model.config.image_token_id] * (vision.image_size // vision.patch_size) ** 2 + text
    for batch in map(int, options.batch.split(",")):
        pixels = torch.stack([picture(number, vision.image_size) for number in range(batch)]).to(model.dtype)
        with torch.inference_mode():
            start = time.perf_counter()
            model.get_image_features(pixel_values=pixels)
            seen = time.perf_counter() - start
            ids = torch.tensor([prompt] * batch)
            first = FirstToken()
            start = time.perf_counter()
            model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), token_type_ids=torch.zeros_like(ids), pixel_values=pixels,
                do_sample=False, min_new_tokens=options.new_tokens, max_new_tokens=options.new_tokens, logits_processor=[first])
            total = time.perf_counter() - start - seen
        prefill = first.seconds - start - seen
        decode = batch * (options.new_tokens - 1) / (total - prefill)
        print(f"batch {batch}: picture {seen:.2f} s, prefill {batch * len(prompt) / prefill:.1f} tokens/s, "
              f"decode {decode:.2f} tokens/s, prompt and text {total:.2f} s", flush=True)
        if options.logits and batch == 1:
            first.logits.astype("<f4").tofile(options.logits)
        for path in options.compare if batch == 1 else []:
            # -inf at the end token, which min_new_tokens forbids
            allowed = np.isfinite(first.logits)
            own, other = first.logits[allowed], np.fromfile(path, "<f4")[allowed]
            print(f"{path.name}: off by {np.linalg.norm(other - own) / np.linalg.norm(own):.2e}")
        options.compare = []
    print(f"peak memory, GB {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f}")


if __name__ == "__main__":
    main()
