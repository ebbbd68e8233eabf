#!/usr/bin/env bash
# Discovery script of spark.executor.resource.gpu.discoveryScript: the GPUs of this machine as Spark reads them.
set -euo pipefail

indexes="$(nvidia-smi --query-gpu=index --format=csv,noheader)"
addresses="$(sed 's/ //g; s/.*/"&"/' <<<"$indexes" | paste -sd, -)"
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
