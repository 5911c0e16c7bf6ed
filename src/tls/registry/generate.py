#!/usr/bin/env python3
"""Writes src/tls/{suites,groups,signatures}.inc from the registry's CSV files.

Inputs, beside this file: code point and name as registered by IANA ("TLS
Cipher Suites", "TLS Supported Groups", "TLS SignatureScheme"), OpenSSL's name
where it has one, and widely seen code points outside the registry marked
`unregistered`. What a suite does follows from its registered name, which is
made of its parts (RFC 5246 A.5, RFC 8446 B.4).

  generate.py           rewrites the three files
  generate.py --check   exit 1 when one of them is not what this script writes
"""
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent

KEY_EXCHANGES = {  # first part of the name -> key exchange, authentication
    "RSA": ("rsa", "rsa"), "RSA_FIPS": ("rsa", "rsa"), "RSA_EXPORT": ("rsa", "rsa"),
    "RSA_EXPORT1024": ("rsa", "rsa"),
    "DH_DSS": ("dh", "dss"), "DH_RSA": ("dh", "rsa"), "DH_anon": ("dhe", "none"),
    "DHE_DSS": ("dhe", "dss"), "DHE_RSA": ("dhe", "rsa"),
    "ECDH_ECDSA": ("ecdh", "ecdsa"), "ECDH_RSA": ("ecdh", "rsa"), "ECDH_anon": ("ecdhe", "none"),
    "ECDH_ECNRA": ("ecdh", "other"), "ECMQV_ECDSA": ("ecdh", "ecdsa"), "ECMQV_ECNRA": ("ecdh", "other"),
    "ECDHE_ECDSA": ("ecdhe", "ecdsa"), "ECDHE_RSA": ("ecdhe", "rsa"),
    "PSK": ("psk", "psk"), "DHE_PSK": ("dhe_psk", "psk"), "PSK_DHE": ("dhe_psk", "psk"),
    "ECDHE_PSK": ("ecdhe_psk", "psk"), "RSA_PSK": ("rsa_psk", "psk"),
    "KRB5": ("krb5", "krb5"),
    "SRP_SHA": ("srp", "srp"), "SRP_SHA_RSA": ("srp", "rsa"), "SRP_SHA_DSS": ("srp", "dss"),
    "WDM": ("psk", "none"),  # wolfSSL's own: no key exchange at all
    "ECCPWD": ("eccpwd", "other"),
    "GOSTR341094": ("gost", "gost"), "GOSTR341001": ("gost", "gost"),
    "GOSTR341112_256": ("gost", "gost"), "GOSTR341094_RSA": ("gost", "rsa"),
    "FORTEZZA_KEA": ("fortezza", "other"),
    "CECPQ1_RSA": ("cecpq1", "rsa"), "CECPQ1_ECDSA": ("cecpq1", "ecdsa"),
}

CIPHERS = [  # pattern over the rest of the name -> cipher, mode, bits
    (r"NULL", "null", "none", 0),
    (r"RC4_(\d+)", "rc4", "stream", None),
    (r"RC2_CBC_(\d+)", "rc2", "cbc", None),
    (r"DES40_CBC|DES_CBC_40", "des", "cbc", 40),
    (r"3DES_EDE_CBC", "triple_des", "cbc", 112),
    (r"DES_CBC", "des", "cbc", 56),
    (r"IDEA_CBC", "idea", "cbc", 128),
    (r"SEED_CBC", "seed", "cbc", 128),
    (r"FORTEZZA_CBC", "fortezza", "cbc", 80),
    (r"(?:AES|ARIA|CAMELLIA)_(\d+)_(CBC|GCM|CCM_8|CCM)", None, None, None),
    (r"AES_(\d+)_OCB", "aes", "aead", None),
    (r"CHACHA20_POLY1305", "chacha20", "poly1305", 256),
    (r"AEGIS_256", "aegis", "aead", 256),
    (r"AEGIS_128L", "aegis", "aead", 128),
    (r"SM4_GCM", "sm4", "gcm", 128),
    (r"SM4_CCM", "sm4", "ccm", 128),
    (r"KUZNYECHIK_CTR|MAGMA_CTR|28147_CNT", "gost", "stream", 256),
    (r"KUZNYECHIK_MGM|MAGMA_MGM", "gost", "aead", 256),
]
AEAD_MODES = {"gcm", "ccm", "ccm8", "poly1305", "aead"}
TLS13_CODES = set(range(0x1301, 0x1308)) | {0xC0B4, 0xC0B5, 0x00C6, 0x00C7} | set(range(0xC103, 0xC107))


def cipher_of(rest):
    if re.fullmatch(r"SHA(256|384)_SHA(256|384)", rest):  # RFC 9150: integrity only
        return "null", "none", 0
    for pattern, cipher, mode, bits in CIPHERS:
        found = re.match(pattern, rest)
        if not found:
            continue
        if cipher is None:
            cipher = rest.split("_")[0].lower()
            mode = found.group(2).lower().replace("_", "")
        if bits is None:
            bits = int(found.group(1))
        if cipher in ("des", "triple_des") and "40" in found.group(0):
            bits = 40
        return cipher, mode, bits
    raise SystemExit(f"no cipher in {rest}")


def mac_of(rest, mode):
    if mode in AEAD_MODES:
        return "aead"
    last = rest.split("_")[-1]
    names = {"MD5": "md5", "SHA": "sha1", "SHA256": "sha256", "SHA384": "sha384", "IMIT": "gost",
             "GOST94": "gost", "RMD": "sha1", "GOSTR3411": "gost", "OMAC": "gost"}
    return names[last]


def suite_row(row):
    code, name = int(row["code"], 16), row["name"]
    plain = re.sub(r"_DRAFT2?$", "", name)
    body = re.sub(r"^(TLS|SSL)_", "", plain)
    if "_WITH_" in body:
        first, rest = body.split("_WITH_")
        export = first.endswith("_EXPORT") or first.endswith("_EXPORT1024")
        first = re.sub(r"_EXPORT(1024)?$", "", first)
        key_exchange, authentication = KEY_EXCHANGES[first]
    else:
        export, rest, key_exchange, authentication = False, body, "any", "any"
    if code in TLS13_CODES:
        key_exchange, authentication = "any", "any"
    cipher, mode, bits = cipher_of(rest)
    if cipher == "des" and bits == 56 and export and "EXPORT1024" not in plain:
        bits = 40
    mac = mac_of(rest, mode)
    if code in TLS13_CODES:
        first_version = "tls1_3"
    elif mode in AEAD_MODES or mac in ("sha256", "sha384") or code in (0xC100, 0xC101, 0xC102):
        first_version = "tls1_2"
    else:
        first_version = "ssl3"
    registered = "true" if row["source"] == "iana" else "false"
    return (f'{{0x{code:04X}, "{name}", "{row["openssl"]}", KeyExchange::{key_exchange}, '
            f'Authentication::{authentication}, Cipher::{cipher}, CipherMode::{mode}, {bits}, Mac::{mac}, '
            f'{"true" if export else "false"}, {registered}, ProtocolVersion::{first_version}}},')


def group_row(row):
    return (f'{{0x{int(row["code"], 16):04X}, "{row["name"]}", GroupKind::{row["kind"]}, {row["bits"]}}},')


def signature_row(row):
    return (f'{{0x{int(row["code"], 16):04X}, "{row["name"]}", '
            f'SignatureAlgorithm::{row["algorithm"]}, HashAlgorithm::{row["hash"]}}},')


def rendered(name, row_of):
    with open(HERE / f"{name}.csv", newline="", encoding="ascii") as source:
        rows = sorted(csv.DictReader(source), key=lambda row: int(row["code"], 16))
    codes = [row["code"] for row in rows]
    if len(set(codes)) != len(codes):
        raise SystemExit(f"{name}.csv names a code point twice")
    lines = [f"// Generated by registry/generate.py from registry/{name}.csv; do not edit.",
             "// clang-format off"]
    return "\n".join(lines + [row_of(row) for row in rows] + ["// clang-format on", ""])


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    for name, row_of in (("suites", suite_row), ("groups", group_row), ("signatures", signature_row)):
        text, path = rendered(name, row_of), OUT / f"{name}.inc"
        if check:
            if not path.exists() or path.read_text(encoding="ascii") != text:
                stale.append(path.name)
        else:
            path.write_text(text, encoding="ascii")
    if stale:
        raise SystemExit(f"not what registry/generate.py writes: {', '.join(stale)}")


main()
