#!/usr/bin/env bash
# Palispark's precisions, float32 once with widened and once with mapped weights, beside transformers' on one checkpoint and machine, one after the other, and the ratios.
#
#   PYTHON=… generate-speed.sh WORK_FOLDER CHECKPOINT [BATCHES]     BATCHES: 1,4,16
#
# PYTHON has torch and transformers. random_checkpoint.py of the project's shared tools makes a full-size checkpoint. int8
# and int4 weights are kept in the work folder, so that their load time is that of a later run when it is run twice. About
# 30 minutes and 28 GB for a 3B checkpoint on two cores; nothing else should run.
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$(mkdir -p "$1" && cd "$1" && pwd)"
checkpoint="$2"
batches="${3:-1,4,16}"
python="${PYTHON:-python3}"
peer="$home/src/test/python/benchmark_generate.py"
export PALISPARK_JAVA_OPTIONS="${PALISPARK_JAVA_OPTIONS:--Xmx3g -XX:MaxDirectMemorySize=12g}"

ours=()
for mode in float32 mapped int8 int4; do
  case $mode in
    float32) settings=(--set model.precision=float32 --set model.weights=widened) ;;
    mapped) settings=(--set model.precision=float32 --set model.weights=mapped) ;;
    *) settings=(--set "model.precision=$mode" --set "model.quantised=$work/quantised") ;;
  esac
  echo "$mode"
  "$home/jobs/palispark" benchmark generate --set "model.path=$checkpoint" --set "model.threads=$(nproc)" \
    "${settings[@]}" --batch "$batches" --logits "$work/$mode.logits" 2>"$work/$mode.err" | tee "$work/$mode.txt"
  ours+=(--compare "$work/$mode.logits")
done
"$python" "$peer" "$checkpoint" --dtype float32 --batch "$batches" --threads "$(nproc)" "${ours[@]}" \
  --logits "$work/transformers.logits" 2>"$work/transformers.err" | tee "$work/transformers-float32.txt"
"$python" "$peer" "$checkpoint" --dtype bfloat16 --batch "$batches" --threads "$(nproc)" \
  --compare "$work/transformers.logits" 2>>"$work/transformers.err" | tee "$work/transformers-bfloat16.txt"

"$python" - "$work" <<'PYTHON'
import pathlib, re, sys
work = pathlib.Path(sys.argv[1])
peers = {}
for dtype in ("float32", "bfloat16"):
    text = (work / f"transformers-{dtype}.txt").read_text()
    for batch, seconds in re.findall(r"batch (\d+):.* prompt and text ([\d.]+) s", text):
        peers[dtype, int(batch)] = float(seconds)
print(f"\n{'':10}{'batch':>6}{'prompt+text, s':>16}{'of float32':>12}{'of bfloat16':>13}   times transformers' speed")
for mode in ("float32", "mapped", "int8", "int4"):
    for line in (work / f"{mode}.txt").read_text().splitlines():
        if re.fullmatch(r"\s*\d+(\s+[\d.]+){4}", line):
            batch, *_, seconds = line.split()
            ratios = [peers[dtype, int(batch)] / float(seconds) for dtype in ("float32", "bfloat16")]
            print(f"{mode:10}{batch:>6}{seconds:>16}{ratios[0]:12.2f}{ratios[1]:13.2f}")
PYTHON
