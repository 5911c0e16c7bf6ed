"""The scanners that are compared: how each is run, and what it says it found.

Each gives {(version, suite)}; what a scanner cannot name is not held against it.
"""

import csv
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
NAMES = {"SSLv2": "SSL 2.0", "SSLv3": "SSL 3.0", "TLSv1.0": "TLS 1.0", "TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1",
         "TLSv1.2": "TLS 1.2", "TLSv1.3": "TLS 1.3"}


def timed(command, limit=300):
    begun = time.monotonic()
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=limit, check=False,
                              stdin=subprocess.DEVNULL)
        text = done.stdout
    except subprocess.TimeoutExpired as over:
        text = (over.stdout or b"").decode(errors="replace") if isinstance(over.stdout, bytes) else over.stdout or ""
    return time.monotonic() - begun, text


def suites_by_iana_name():
    with open(HERE.parent / "src/tls/registry/suites.csv", encoding="utf-8") as table:
        return {row["name"]: int(row["code"], 16) for row in csv.DictReader(table)}


class Ours:
    def __init__(self, program, *flags):
        self.program, self.flags = program, flags
        self.name = "redis-tls-audit " + (" ".join(flags) or "(polite)")

    def available(self):
        """This build knows the flags."""
        return all(flag.split("=")[0] in timed([self.program, "probe", "--help"])[1] for flag in self.flags)

    def run(self, port):
        seconds, text = timed([self.program, "probe", f"127.0.0.1:{port}", "-o", "json", "--timeout", "200", *self.flags])
        self.text = text
        found = set()
        endpoint = json.loads(text)["endpoints"][0]
        if "gap" not in endpoint["tls"]:
            found = {(one["version"], int(suite["code"], 16))
                     for one in endpoint["tls"]["suites"] for suite in one["accepted"]}
        self.says = endpoint["speech"].get("speech", "")
        return seconds, found


class Sslscan:
    name = "sslscan"

    def available(self):
        return shutil.which("sslscan")

    def run(self, port):
        seconds, text = timed(["sslscan", "--no-colour", "--xml=-", f"127.0.0.1:{port}"])
        found = set()
        try:
            for cipher in xml.fromstring(text).iter("cipher"):
                found.add((NAMES[cipher.get("sslversion")], int(cipher.get("id"), 16) & 0xFFFF))
        except xml.ParseError:
            pass
        self.says = "plaintext Redis" if "redis" in text.lower() else ""
        return seconds, found


class Nmap:
    name = "nmap ssl-enum-ciphers"

    def available(self):
        return shutil.which("nmap")

    def run(self, port):
        seconds, text = timed(["nmap", "-Pn", "-n", "-p", port, "--script", "+ssl-enum-ciphers", "-oX", "-", "127.0.0.1"])
        codes, found = suites_by_iana_name(), set()
        try:
            for table in xml.fromstring(text).iter("table"):
                version = NAMES.get(table.get("key"))
                for name in table.iter("elem"):
                    if version and name.get("key") == "name":
                        # TLS 1.3 names come as TLS_AKE_WITH_..., curves behind the name
                        plain = name.text.split(" ")[0].replace("TLS_AKE_WITH_", "TLS_")
                        found.add((version, codes.get(plain, plain)))
        except xml.ParseError:
            pass
        self.says = "plaintext Redis" if 'name="redis"' in text and "ssl-enum" not in text else ""
        return seconds, found


class Testssl:
    def __init__(self, *flags):
        self.flags = flags
        self.name = "testssl.sh " + (" ".join(flags) or "(full)")

    def available(self):
        return shutil.which("testssl")

    def run(self, port):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "out.json"
            seconds, text = timed(["testssl", "--quiet", "--color", "0", "--warnings", "off", "--ip", "127.0.0.1",
                                   "--jsonfile", path, *self.flags, f"127.0.0.1:{port}"])
            rows = path.read_text(errors="replace") if path.exists() else ""
        found = set()
        for protocol, code in re.findall(r'"id"\s*:\s*"cipher-(\w+?)_x([0-9a-f]+)"', rows):
            version = {"ssl3": "SSL 3.0", "sslv3": "SSL 3.0", "tls1": "TLS 1.0", "tls1_1": "TLS 1.1", "tls1_2": "TLS 1.2",
                       "tls1_3": "TLS 1.3"}.get(protocol)
            if version:
                found.add((version, int(code, 16)))
        self.says = "plaintext Redis" if "redis" in (text + rows).lower().replace("rta-", "") else ""
        return seconds, found
