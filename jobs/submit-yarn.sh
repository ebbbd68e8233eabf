#!/usr/bin/env bash
# generate on the GPUs of a YARN cluster: submit-yarn.sh ROWS IMAGES CHECKPOINT OUTPUT
# One task has an executor's GPU and all its cores: its decoding threads feed the one model on the device.
# ONNXRUNTIME_GPU is the jar onnxruntime_gpu 1.28.0, which stands before the processor's in palispark.jar.
set -euo pipefail

home="$(cd "$(dirname "$0")/.." && pwd)"
gpu_jar="${ONNXRUNTIME_GPU:?set it to the jar of onnxruntime_gpu 1.28.0}"
exec "$SPARK_HOME/bin/spark-submit" --master yarn --deploy-mode cluster \
  --num-executors "${EXECUTORS:-4}" --executor-cores 8 --executor-memory 16g \
  --conf spark.task.cpus=8 \
  --conf spark.executor.resource.gpu.amount=1 \
  --conf spark.task.resource.gpu.amount=1 \
  --conf spark.executor.resource.gpu.discoveryScript=./find-gpus.sh \
  --files "$home/jobs/find-gpus.sh,$gpu_jar" \
  --conf "spark.executor.extraClassPath=$(basename "$gpu_jar")" \
  --class io.palispark.cli.Main "${PALISPARK_JAR:-$home/target/palispark.jar}" \
  generate --set "input.rows=$1" --set "input.images=$2" --set "model.path=$3" --set model.device=cuda --set "output.path=$4"
