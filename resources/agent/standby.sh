#!/bin/bash
# Waits for scripts to run, so that the agent does not have to copy its own memory and start a shell every few seconds.
#
# Standard input: a number of words, then so many words: a script and its arguments; each ends with a null byte.
# Standard output: what the script printed, errors too, a null byte, its exit code, a null byte. It ends with its input.
#
# Each script runs in a fork. This shell itself never opens nor enters anything that a script looks at, so that it pins
# no mount, and a fork that hangs is killed with it: all are one process group, and none is left once nobody has
# descriptor 3 open.
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
readonly most=16384
while IFS= read -r -d '' count; do
  words=()
  while ((${#words[@]} < count)); do
    IFS= read -r -d '' word || exit 2
    words+=("$word")
  done
  printed=$(. "${words[0]}" "${words[@]:1}" 2>&1 < /dev/null)
  code=$?
  printf '%s\0%d\0' "${printed:0:most}" "$code"
  unset printed
done
