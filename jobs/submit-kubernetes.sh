#!/usr/bin/env bash
# generate on the GPUs of a Kubernetes cluster: submit-kubernetes.sh k8s://https://API-SERVER:6443 IMAGE ROWS PICTURES CHECKPOINT OUTPUT
# The container image is Spark's own with palispark.jar, find-gpus.sh and onnxruntime_gpu.jar (1.28.0) below /opt/palispark and
# the CUDA libraries.
set -euo pipefail

exec "$SPARK_HOME/bin/spark-submit" --master "$1" --deploy-mode cluster --name palispark-generate \
  --conf spark.kubernetes.container.image="$2" \
  --conf spark.executor.instances="${EXECUTORS:-4}" \
  --conf spark.executor.cores=8 --conf spark.executor.memory=16g \
  --conf spark.task.cpus=8 \
  --conf spark.executor.resource.gpu.amount=1 \
  --conf spark.executor.resource.gpu.vendor=nvidia.com \
  --conf spark.executor.resource.gpu.discoveryScript=/opt/palispark/find-gpus.sh \
  --conf spark.task.resource.gpu.amount=1 \
  --conf spark.executor.extraClassPath=/opt/palispark/onnxruntime_gpu.jar \
  --class io.palispark.cli.Main local:///opt/palispark/palispark.jar \
  generate --set "input.rows=$3" --set "input.images=$4" --set "model.path=$5" --set model.device=cuda --set "output.path=$6"
