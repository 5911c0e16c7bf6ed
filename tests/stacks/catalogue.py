"""The servers: how each is started, and what it says itself that it offers."""

import csv
import dataclasses
import json
import os
import pathlib
import socket
import tempfile
import typing

import openssl_list
from server import HERE, Server, Unavailable, loopback_shim, program, redis_server, run


@dataclasses.dataclass
class Stack:
    name: str
    start: typing.Callable          # Tools -> Server
    declared: typing.Callable = None  # Tools, Server -> {version: suites}, of the versions that it speaks
    default: bool = False           # in the default test run
    at_once: int = 24               # connections that it serves side by side
    probe_flags: tuple = ("--aggressive",)
    completes: bool = False         # compare with a client certificate and finished handshakes as well
    most_connections: int = None    # that the survey may take
    most_gate_connections: int = 30  # that the gate may take


class Tools:
    """What starting a server needs: keys, unpacked programs, a directory."""

    def __init__(self, keys, home):
        self.keys = keys
        self.home = pathlib.Path(home)
        self.root = self.home / "root"

    def debian(self, name):
        return program(name, self.root / "usr/bin" / name, self.root / "usr/sbin" / name)

    def npm(self, name, binary):
        for path in sorted(self.home.glob(f"npm/{name}/package/**/{binary}")):
            if path.is_file() and os.access(path, os.X_OK):
                return path
        raise Unavailable(f"{binary} of npm/{name}")

    def built(self, name):
        path = self.home / "bin" / name
        if not path.exists():
            raise Unavailable(name)
        return path

    def environment(self):
        """The libraries of the unpacked programs."""
        folder = self.root / "usr/lib/x86_64-linux-gnu"
        return {**os.environ, "LD_LIBRARY_PATH": f"{folder}:{folder}/nss"}


# ---- OpenSSL and its users

WEAK = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
UP_TO_13 = ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")


def free_port():
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return link.getsockname()[1]


def redis(key, lines=(), auth="no"):
    def start(tools):
        certificate, private = tools.keys.pair(key)
        port = free_port()
        folder = tools.keys.folder
        text = [f"port 0\ntls-port {port}\nbind 127.0.0.1\nsave \"\"\nappendonly no\nprotected-mode no\ndir {folder}",
                f"tls-cert-file {certificate}\ntls-key-file {private}\ntls-ca-cert-file {certificate}",
                f"tls-auth-clients {auth}", *(line.format(dh=tools.keys.dh_parameters()) for line in lines)]
        conf = folder / f"redis-{port}.conf"
        conf.write_text("\n".join(text) + "\n")
        executable, name = redis_server()
        return Server([name, conf], executable=executable, port=port, ready="Ready to accept connections")
    return start


def openssl_says(string, kinds, versions, tls13=None):
    return lambda tools, _: openssl_list.expansion(tools.keys, string, kinds, versions, tls13)


def s_server(string, *keys, options=()):
    def start(tools):
        certificate, key = tools.keys.pair(keys[0])
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key,
                   "-min_protocol", "TLSv1", "-cipher", string, *options]
        for other in keys[1:]:
            certificate, key = tools.keys.pair(other)
            command += ["-dcert", certificate, "-dkey", key]
        return Server(command, environment=tools.keys.environment)
    return start


def python_ssl(tools):
    certificate, key = tools.keys.pair("RSA-2048")
    return Server(["python3", HERE / "servers/python_server.py", certificate, key,
                   tools.keys.dh_parameters(), WEAK], environment=tools.keys.environment)


def stunnel(tools):
    conf = tools.keys.folder / "stunnel.conf"
    conf.write_text(f"foreground = yes\npid =\nsslVersionMin = TLSv1\nciphers = {WEAK}\nsecurityLevel = 0\n"
                    f"[redis]\naccept = 127.0.0.1:6379\nconnect = 127.0.0.1:1\ncert = {tools.keys.joined('RSA-2048')}\n")
    return Server([tools.debian("stunnel4"), conf], preload=loopback_shim(tools.keys.folder),
                  environment={**tools.environment(), "OPENSSL_CONF": str(tools.keys.conf)})


def nginx(tools):
    folder = tools.keys.folder
    lines = []
    for kind in ("RSA-2048", "P-256"):
        certificate, key = tools.keys.pair(kind)
        lines.append(f"ssl_certificate {certificate}; ssl_certificate_key {key};")
    conf = folder / "nginx.conf"
    scratch = "".join(f"{kind}_temp_path {folder}/nginx_{kind};" for kind in
                      ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf.write_text(f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;"
                    f"events {{}} http {{ access_log off; {scratch} server {{ listen 127.0.0.1:6379 ssl; {' '.join(lines)}"
                    f"ssl_dhparam {tools.keys.dh_parameters()}; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;"
                    f"ssl_ciphers {WEAK}; return 204; }} }}\n")
    return Server([tools.debian("nginx"), "-c", conf, "-e", folder / "nginx.log"],
                  preload=loopback_shim(folder),
                  environment={**tools.environment(), "OPENSSL_CONF": str(tools.keys.conf)})


def haproxy(tools):
    conf = tools.keys.folder / "haproxy.cfg"
    conf.write_text("global\n  tune.ssl.default-dh-param 2048\ndefaults\n  mode tcp\n  timeout client 20s\n"
                    "  timeout connect 1s\n  timeout server 1s\n"
                    f"listen redis\n  bind 127.0.0.1:6379 ssl crt {tools.keys.joined('RSA-2048')} "
                    f"ssl-min-ver TLSv1.0 ciphers {WEAK}\n"
                    "  server gone 127.0.0.1:1\n")
    return Server([tools.debian("haproxy"), "-db", "-f", conf], preload=loopback_shim(tools.keys.folder),
                  environment={**tools.environment(), "OPENSSL_CONF": str(tools.keys.conf)})


# ---- GnuTLS

EVERYTHING_OF_GNUTLS = ("NONE:+VERS-ALL:+VERS-SSL3.0:+CIPHER-ALL:+NULL:+ARCFOUR-128:+3DES-CBC:+CAMELLIA-128-CBC:"
                        "+CAMELLIA-256-CBC:+CAMELLIA-128-GCM:+CAMELLIA-256-GCM:+MAC-ALL:+MD5:+KX-ALL:+ANON-DH:+ANON-ECDH:"
                        "+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509:%VERIFY_ALLOW_SIGN_RSA_MD5")


def listed_by_gnutls(priority, exchanges):
    def declared(tools, _):
        found = {name: set() for name in UP_TO_13}
        text = run(tools.debian("gnutls-cli"), "--priority", priority, "-l", env=tools.environment())
        for fields in (line.split() for line in text.splitlines() if line.startswith("TLS_")):
            code = int(fields[1].rstrip(","), 16) << 8 | int(fields[2], 16)
            if fields[3] == "TLS1.3":
                found["TLS 1.3"].add(code)
            elif any(fields[0].startswith(f"TLS_{exchange}_") for exchange in exchanges):
                first = UP_TO_13.index(fields[3].replace("TLS", "TLS ")) if fields[3] in ("TLS1.1", "TLS1.2") else 0
                for version in UP_TO_13[first:3]:
                    found[version].add(code)
        return found
    return declared


def gnutls(priority, *keys):
    def start(tools):
        command = [tools.debian("gnutls-serv"), "--port", "6379", "--priority", priority, "--echo", "--quiet",
                   "--disable-client-cert", "--dhparams", tools.keys.dh_parameters()]
        for kind in keys:
            certificate, key = tools.keys.pair(kind)
            command += ["--x509certfile", certificate, "--x509keyfile", key]
        return Server(command, preload=loopback_shim(tools.keys.folder), environment=tools.environment())
    return start


# ---- others

def selfserv(versions):
    def start(tools):
        database = pathlib.Path(tempfile.mkdtemp(dir=tools.keys.folder))
        environment = tools.environment()
        run(tools.debian("certutil"), "-N", "-d", f"sql:{database}", "--empty-password", env=environment)
        for store in tools.keys.keystore("RSA-2048", "P-256"):
            run(tools.debian("pk12util"), "-i", store, "-d", f"sql:{database}", "-W", "password", "-K", "", env=environment)
        command = [tools.debian("selfserv"), "-n", "rsa-2048", "-e", "p-256", "-p", "6379", "-d", f"sql:{database}",
                   "-V", versions, "-c", "".join(f":{code:04X}" for code in known_to_nss(tools))]
        return Server(command, preload=loopback_shim(tools.keys.folder), environment=environment)
    return start


def known_to_nss(tools):
    """The suites that this build of NSS implements, told by the library itself."""
    ask = ("import ctypes; nss = ctypes.CDLL('libssl3.so'); ask = nss.SSL_GetImplementedCiphers;"
           "ask.restype = ctypes.POINTER(ctypes.c_uint16);"
           "print(*[ask()[i] for i in range(nss.SSL_GetNumImplementedCiphers())])")
    return [int(code) for code in run("python3", "-c", ask, env=tools.environment()).split()]


def botan(tools):
    certificate, key = tools.keys.pair("RSA-2048")
    pkcs8 = tools.keys.folder / "botan.key"
    pkcs8.write_text(tools.keys.openssl("pkcs8", "-topk8", "-nocrypt", "-in", key))
    return Server([tools.debian("botan"), "tls_server", certificate, pkcs8, "--port=6379",
                   f"--policy={botan_policy(tools)}"],
                  preload=loopback_shim(tools.keys.folder), environment=tools.environment())


def botan_policy(tools):
    policy = tools.keys.folder / "botan.policy"
    policy.write_text(
        "allow_tls10 = true\nallow_tls11 = true\nallow_tls12 = true\n"
        "ciphers = ChaCha20Poly1305 AES-256/OCB(12) AES-128/OCB(12) AES-256/GCM AES-128/GCM AES-256/CCM AES-128/CCM "
        "AES-256/CCM(8) AES-128/CCM(8) Camellia-256/GCM Camellia-128/GCM ARIA-256/GCM ARIA-128/GCM AES-256 AES-128 "
        "Camellia-256 Camellia-128 SEED 3DES\n"
        "macs = AEAD SHA-384 SHA-256 SHA-1\nsignature_hashes = SHA-512 SHA-384 SHA-256 SHA-1\n"
        "signature_methods = ECDSA RSA DSA IMPLICIT\nkey_exchange_methods = CECPQ1 ECDH DH RSA\n"
        "minimum_rsa_bits = 1024\nminimum_dh_group_size = 1024\n")
    return policy


def mbedtls(kind):
    return lambda tools: Server([tools.built("mbedtls_server"), *tools.keys.pair(kind)])


def wolfssl(kind):
    return lambda tools: Server([tools.built("wolfssl_server"), *tools.keys.pair(kind), tools.keys.dh_parameters()])


def go(kind):
    return lambda tools: Server([tools.built("go_server"), *tools.keys.pair(kind)])


def java(kind):
    def start(tools):
        tools.built("JavaServer.class")
        binary = program("java", tools.root / "usr/lib/jvm/java-17-openjdk-amd64/bin/java")
        return Server([binary, "-Xmx128m", "-cp", tools.home / "bin", "JavaServer", tools.keys.keystore(kind)[0]])
    return start


def node(name, ciphers, options=None, flags=()):
    def start(tools):
        certificate, key = tools.keys.pair("RSA-2048")
        return Server([tools.npm(name, "node"), *flags, HERE / "servers/node_server.js", certificate, key, ciphers,
                       json.dumps(options or {})], environment={"PATH": os.environ["PATH"], "OPENSSL_CONF": "/dev/null"})
    return start


def bun(kind):
    return lambda tools: Server([tools.npm("bun", "bun"), HERE / "servers/bun_server.js", *tools.keys.pair(kind)])


def deno(kind):
    def start(tools):
        certificate, key = tools.keys.pair(kind)
        pkcs8 = tools.keys.folder / f"deno-{kind}.key"
        pkcs8.write_text(tools.keys.openssl("pkcs8", "-topk8", "-nocrypt", "-in", key))
        return Server([tools.npm("deno", "deno"), "run", "--allow-net", "--allow-read", HERE / "servers/deno_server.js",
                       certificate, pkcs8], environment={**os.environ, "DENO_NO_UPDATE_CHECK": "1",
                                                         "DENO_DIR": str(tools.keys.folder / "deno")})
    return start


# ---- what a server, or its library, tells of itself

def suites_by_name():
    with open(HERE.parent.parent / "src/tls/registry/suites.csv", encoding="utf-8") as table:
        return {row["name"].split("_", 1)[1]: int(row["code"], 16) for row in csv.DictReader(table)}


def printed_by_java(exchanges):
    """JSSE ends export suites with TLS 1.0 and DES with TLS 1.1, as the RFCs do."""
    def declared(_, server):
        codes = suites_by_name()
        found = {name: set() for name in ("SSL 3.0", *UP_TO_13)}
        for line in server.output().splitlines():
            if not line.startswith("name ") or "_SCSV" in line:
                continue
            name = line.split("_", 1)[1]
            if "_WITH_" not in name:
                found["TLS 1.3"].add(codes[name])
            elif name.split("_WITH_")[0].removesuffix("_EXPORT") in exchanges:
                newest = 1 if "_EXPORT" in name else 2 if "_DES_CBC" in name else 3
                oldest = 3 if name.endswith(("_SHA256", "_SHA384")) else 0
                for version in list(found)[oldest:newest + 1]:
                    found[version].add(codes[name])
        return found
    return declared


def listed_by_botan(exchanges):
    def declared(tools, _):
        codes = suites_by_name()
        found = {}
        for version in ("TLS 1.0", "TLS 1.1", "TLS 1.2"):
            text = run(tools.debian("botan"), "tls_ciphers", f"--policy={botan_policy(tools)}",
                       f"--version={version.replace(' ', '').lower()}", env=tools.environment())
            found[version] = {codes[name] for name in text.split() if name.split("_WITH_")[0] in exchanges}
        return found
    return declared


def printed_by_mbedtls(kinds):
    def declared(_, server):
        found = {name: set() for name in ("SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2")}
        for fields in (line.split() for line in server.output().splitlines() if line.startswith("suite ")):
            name = fields[4]
            exchange = name.split("-WITH-")[0].removeprefix("TLS-")
            if exchange not in kinds:
                continue
            for minor, version in enumerate(found):
                if int(fields[2]) <= minor <= int(fields[3]):
                    found[version].add(int(fields[1], 16))
        return found
    return declared


def printed_by_go(kinds):
    numbers = {"0301": "TLS 1.0", "0302": "TLS 1.1", "0303": "TLS 1.2", "0304": "TLS 1.3"}

    def declared(_, server):
        found = {name: set() for name in numbers.values()}
        for fields in (line.split() for line in server.output().splitlines() if line.startswith("suite ")):
            if fields[2] == "0304" or fields[3].split("_WITH_")[0].removeprefix("TLS_") in kinds:
                found[numbers[fields[2]]].add(int(fields[1], 16))
        return found
    return declared


GUIDE = ('tls-protocols "TLSv1.2 TLSv1.3"', "tls-ciphers DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL",
         "tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256")
OLD = 'tls-protocols "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"'
NEW = ("TLS 1.2", "TLS 1.3")
OLDEST_NODE = "ALL:COMPLEMENTOFALL"

STACKS = [
    Stack("redis default", redis("RSA-2048"), openssl_says("DEFAULT", ("RSA",), NEW), True, probe_flags=(), most_connections=130),
    Stack("redis guide", redis("RSA-2048", GUIDE), openssl_says(GUIDE[1].split()[1], ("RSA",), NEW), True, most_connections=130),
    Stack("redis clients yes", redis("RSA-2048", auth="yes"), openssl_says("DEFAULT", ("RSA",), NEW), True,
          completes=True, most_connections=130),
    Stack("redis clients optional", redis("RSA-2048", auth="optional"), openssl_says("DEFAULT", ("RSA",), NEW), True,
          completes=True, most_connections=130),
    Stack("redis P-256", redis("P-256"), openssl_says("DEFAULT", ("ECDSA",), NEW), True, most_connections=130),
    Stack("redis DEFAULT@SECLEVEL=0", redis("RSA-2048", (OLD, "tls-ciphers DEFAULT@SECLEVEL=0")),
          openssl_says("DEFAULT@SECLEVEL=0", ("RSA",), UP_TO_13), True),
    Stack("redis ALL:@SECLEVEL=0", redis("RSA-2048", (OLD, "tls-ciphers ALL:@SECLEVEL=0")),
          openssl_says("ALL:@SECLEVEL=0", ("RSA",), UP_TO_13), True),
    Stack("redis NULL, P-256", redis("P-256", (OLD, f"tls-ciphers {WEAK}")),
          openssl_says(WEAK, ("ECDSA",), UP_TO_13), True),
    Stack("redis TLS 1.3 only", redis("RSA-2048", ('tls-protocols "TLSv1.3"',)),
          openssl_says("DEFAULT", ("RSA",), ("TLS 1.3",)), True, most_connections=130),
    Stack("redis DH file, server's order", redis("RSA-2048", ("tls-dh-params-file {dh}", "tls-prefer-server-ciphers yes")),
          openssl_says("DEFAULT", ("RSA",), NEW), True),
    Stack("openssl s_server", s_server(WEAK, "RSA-2048", "P-256"),
          openssl_says(WEAK, ("RSA", "ECDSA"), UP_TO_13), True, at_once=1),
    Stack("openssl s_server DSA", s_server(WEAK, "DSA-2048"), openssl_says(WEAK, ("DSS",), UP_TO_13[:3]), at_once=1),
    Stack("openssl s_server, cookies", s_server("DEFAULT", "RSA-2048", options=("-stateless",)),
          openssl_says("DEFAULT", ("RSA",), NEW), at_once=1),
    Stack("openssl s_server, FFDHE alone", s_server("DEFAULT", "RSA-2048", options=("-groups", "ffdhe3072")), at_once=1),
    Stack("openssl s_server, one signature scheme",
          s_server("DEFAULT", "RSA-2048", options=("-sigalgs", "RSA-PSS+SHA512")), at_once=1),
    Stack("openssl s_server, TLS 1.1 alone", s_server(WEAK, "RSA-2048", options=("-tls1_1",)), at_once=1),
    Stack("python ssl", python_ssl, openssl_says(WEAK, ("RSA",), UP_TO_13), True),
    Stack("gnutls NORMAL", gnutls("NORMAL", "RSA-2048"), listed_by_gnutls("NORMAL", ("RSA", "DHE_RSA", "ECDHE_RSA")), True),
    Stack("gnutls everything", gnutls(EVERYTHING_OF_GNUTLS, "RSA-2048", "P-256"),
          listed_by_gnutls(EVERYTHING_OF_GNUTLS, ("RSA", "DHE_RSA", "ECDHE_RSA", "ECDHE_ECDSA", "DH_ANON", "ECDH_ANON")), True),
    Stack("gnutls, server's order", gnutls("NORMAL:%SERVER_PRECEDENCE", "RSA-2048", "P-256")),
    Stack("gnutls, FFDHE alone", gnutls("NORMAL:-GROUP-ALL:+GROUP-FFDHE3072", "RSA-2048")),
    Stack("gnutls SECURE256", gnutls("SECURE256", "RSA-2048")),
    Stack("stunnel", stunnel, openssl_says(WEAK, ("RSA",), UP_TO_13)),
    Stack("nginx", nginx, openssl_says(WEAK, ("RSA", "ECDSA"), UP_TO_13)),
    Stack("haproxy", haproxy, openssl_says(WEAK, ("RSA",), UP_TO_13)),
    Stack("nss to TLS 1.3", selfserv("tls1.0:tls1.3"), at_once=8),
    Stack("nss from SSL 3.0", selfserv("ssl3:tls1.2"), at_once=8),
    Stack("java RSA", java("RSA-2048"),
          printed_by_java(("RSA", "DHE_RSA", "ECDHE_RSA", "DH_anon", "ECDH_anon"))),
    Stack("java P-256", java("P-256"),
          printed_by_java(("ECDHE_ECDSA", "ECDH_ECDSA", "ECDH_RSA", "DH_anon", "ECDH_anon"))),
    Stack("java DSA", java("DSA-2048"), printed_by_java(("DHE_DSS", "DH_anon", "ECDH_anon"))),
    Stack("go RSA", go("RSA-2048"), printed_by_go(("RSA", "ECDHE_RSA"))),
    Stack("go P-256", go("P-256"), printed_by_go(("ECDHE_ECDSA",))),
    Stack("mbed TLS RSA", mbedtls("RSA-2048"), printed_by_mbedtls(("RSA", "DHE-RSA", "ECDHE-RSA")), at_once=1),
    Stack("mbed TLS P-256", mbedtls("P-256"), printed_by_mbedtls(("ECDHE-ECDSA", "ECDH-ECDSA", "ECDH-RSA")), at_once=1),
    Stack("wolfSSL RSA", wolfssl("RSA-2048"), at_once=1),
    Stack("wolfSSL P-256", wolfssl("P-256"), at_once=1),
    Stack("botan", botan, listed_by_botan(("RSA", "DHE_RSA", "ECDHE_RSA", "CECPQ1_RSA")), at_once=1),
    Stack("node 0.10 OpenSSL 1.0.1e", node("node-0.10", OLDEST_NODE, {"secureProtocol": "SSLv23_method"},
                                           ("--enable-ssl2", "--enable-ssl3")), most_gate_connections=50),
    Stack("node 0.12 OpenSSL 1.0.1l", node("node-0.12", OLDEST_NODE, {"secureProtocol": "SSLv23_method"},
                                           ("--enable-ssl2", "--enable-ssl3"))),
    Stack("node 4 OpenSSL 1.0.2d", node("node-4", OLDEST_NODE)),
    Stack("node 12 OpenSSL 1.1.1n", node("node-12", WEAK, {"minVersion": "TLSv1"})),
    Stack("node 24 OpenSSL 3.5", node("node-24", WEAK, {"minVersion": "TLSv1"})),
    Stack("bun BoringSSL", bun("RSA-2048")),
    Stack("deno rustls", deno("P-256"), most_gate_connections=50),
]
