#!/bin/sh
# Compiler launcher for precompiled headers: removes the old one first. A
# compiler cache preprocesses with the precompiled header that it finds, so it
# would take the old one for the answer when a header has changed.
for argument; do
  case $argument in *.gch) rm -f "$argument" ;; esac
done
exec "$@"
