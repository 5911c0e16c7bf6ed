"""A TLS server as a child process on loopback, and the keys that it needs."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Unavailable(Exception):
    """The program of this stack is not on this machine."""


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **more).stdout


def program(name, *places):
    """An absolute path, from what install.sh unpacked or from this machine."""
    for place in places:
        if os.access(place, os.X_OK):
            return str(place)
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise Unavailable(name)
    return found


def redis_server():
    """(executable, name to run it by): redis-tools carries the server too."""
    found = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    if not found:
        raise Unavailable("redis-server")
    return found, "redis-server"


class Keys:
    """Keys and certificates, made once for a run and gone with it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.conf = self.folder / "openssl.cnf"
        self.conf.write_text("[req]\ndistinguished_name=dn\n[dn]\n")
        self.environment = {**os.environ, "OPENSSL_CONF": str(self.conf)}

    def openssl(self, *arguments):
        return run("openssl", *arguments, env=self.environment)

    def pair(self, kind):
        """(certificate, key) for RSA-2048, RSA-1024, P-256, DSA-2048 ..., signed by itself."""
        certificate, key = self.folder / f"{kind}.crt", self.folder / f"{kind}.key"
        if certificate.exists():
            return certificate, key
        family, size = kind.split("-")
        if family == "RSA":
            self.openssl("genrsa", "-traditional", "-out", key, size)
        elif family == "P":
            self.openssl("ecparam", "-genkey", "-noout", "-name", f"secp{size}r1" if size != "256" else "prime256v1",
                         "-out", key)
        else:
            self.openssl("dsaparam", "-genkey", "-noout", "-out", key, size)
        self.openssl("req", "-new", "-x509", "-key", key, "-sha256", "-days", "30", "-subj", f"/CN=localhost/O={kind}",
                     "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", certificate)
        return certificate, key

    def joined(self, kind):
        """One file with key and certificate, as haproxy and stunnel like it."""
        certificate, key = self.pair(kind)
        path = self.folder / f"{kind}.pem"
        path.write_text(key.read_text() + certificate.read_text())
        return path

    def keystore(self, *kinds):
        """A PKCS #12 store with all of them, its password is `password`."""
        parts = []
        for kind in kinds:
            certificate, key = self.pair(kind)
            part = self.folder / f"{kind}.p12"
            self.openssl("pkcs12", "-export", "-inkey", key, "-in", certificate, "-name", kind.lower(), "-out", part,
                         "-passout", "pass:password")
            parts.append(part)
        return parts

    def dh_parameters(self):
        path = self.folder / "dh.pem"
        if not path.exists():
            self.openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "dh_param:ffdhe2048", "-out", path)
        return path


class Server:
    """A child process that serves on 127.0.0.1 until it is left.

    It prints "port N", or its port is taken down by loopback_only.so.
    """

    def __init__(self, command, preload=None, environment=None, executable=None, port=None, ready=None):
        self.folder = tempfile.TemporaryDirectory(prefix="rta-stack-")
        self.log = pathlib.Path(self.folder.name) / "output"
        environment = dict(environment or os.environ)
        port_file = None
        if preload:
            port_file = pathlib.Path(self.folder.name) / "port"
            environment.update(LD_PRELOAD=str(preload), LOOPBACK_PORT_FILE=str(port_file))
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([str(part) for part in command], executable=executable, stdout=out,
                                            stderr=subprocess.STDOUT, stdin=subprocess.PIPE, env=environment,
                                            start_new_session=True)
        try:
            self.port = self.wait_for_port(port_file, port, ready)
        except BaseException:
            self.stop()
            raise

    def output(self):
        return self.log.read_text(errors="replace")

    def wait_for_port(self, port_file, port, ready):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            text = self.output()
            if port_file and port_file.exists() and port_file.read_text().strip():
                return int(port_file.read_text())
            if port and ready and ready in text:
                return port
            for line in text.splitlines():
                if line.startswith("port ") and line[5:].isdigit():
                    return int(line[5:])
                if line.startswith("ACCEPT 127.0.0.1:"):  # openssl s_server
                    return int(line.rsplit(":", 1)[1])
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {text[-2000:]}")
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {self.output()[-2000:]}")

    def cpu_seconds(self):
        """Processor time of the server so far, from the kernel's accounting of its threads."""
        threads = pathlib.Path(f"/proc/{self.process.pid}/task")
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads.iterdir()) / 1e9

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def loopback_shim(folder):
    """loopback_only.so, built once a run."""
    shim = pathlib.Path(folder) / "loopback_only.so"
    if not shim.exists():
        compiler = program("cc")
        run(compiler, "-shared", "-fPIC", "-O1", "-o", shim, HERE / "servers" / "loopback_only.c", "-ldl")
    return shim
