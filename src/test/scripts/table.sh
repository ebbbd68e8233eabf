# For scripts that try things one after the other: lines as they come, and a table of all of them at the end.
#
#   begin ROW          the row that the next steps belong to
#   passed TEXT        it came to this
#   row ROW CODE TEXT  both at once, for a row that ran on its own
#   await SECONDS CMD  until the command succeeds; fails when it does not in time
#   trap finish EXIT   prints the table; a row that began and did not pass is a failure
#
# Sourced; shutdown, where a script defines it, runs before the table.

lines=()
current=""

row() {
  local verdict=PASS
  (($2 == 0)) || verdict=FAIL
  lines+=("$(printf '%-4s  %-17s  exit %-3s  %4ss  %s' "$verdict" "$1" "$2" "$((SECONDS - ${since:-0}))" "$3")")
  echo "${lines[-1]}"
}

begin() {
  current="$1"
  since=$SECONDS
}

passed() {
  row "$current" 0 "$1"
  current=""
}

await() {
  local end=$((SECONDS + $1)) what
  shift
  until "$@"; do
    if ((SECONDS >= end)); then
      what="$*"
      echo "waited in vain for: $what" >&2
      return 1
    fi
    sleep 0.1
  done
}

is_free() { # a port of this machine
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

finish() {
  local code=$?
  [[ "$(type -t shutdown)" == function ]] && shutdown
  if [[ -n "$current" ]]; then
    ((code != 0)) || code=1
    row "$current" "$code" "see the logs"
  fi
  printf '\n%s\n' "what came of it:"
  ((${#lines[@]} == 0)) || printf '%s\n' "${lines[@]}"
  exit "$code"
}
