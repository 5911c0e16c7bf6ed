"""What systemd takes from an EnvironmentFile: its own parser, in its library."""
import ctypes
import glob
import json
import sys

found = glob.glob("/lib/*/systemd/libsystemd-shared-*.so") + glob.glob("/usr/lib/systemd/libsystemd-shared-*.so")
if not found:
    sys.exit("no libsystemd-shared")
library = ctypes.CDLL(found[0])
answers = []
for i in range(int(sys.argv[1])):
    lines = ctypes.POINTER(ctypes.c_char_p)()
    if library.load_env_file(None, b"%d.env" % i, ctypes.byref(lines)) < 0:
        answers.append(None)
        continue
    values = {}
    for line in lines if lines else []:
        if line is None:
            break
        if library.env_assignment_is_valid(line):
            name, value = line.decode("utf-8", "replace").split("=", 1)
            values[name] = value
    answers.append(values)
json.dump(answers, open("answers.json", "w"))
