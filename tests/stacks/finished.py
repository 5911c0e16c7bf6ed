"""Finished handshakes with a client certificate, by Python's OpenSSL: a suite
that the server chooses from a bare hello must also carry a PING."""

import socket
import ssl
import warnings


def suite_names(tools):
    """{suite: OpenSSL's name}"""
    names = {}
    for line in tools.keys.openssl("ciphers", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").splitlines():
        fields = line.split()
        names[int(fields[0].replace(",0x", ""), 16)] = fields[2]
    return names


def context_for(tools, name, version):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
    if version == ssl.TLSVersion.TLSv1_2:
        context.set_ciphers(f"{name}:@SECLEVEL=0")
    context.load_cert_chain(*tools.keys.pair("RSA-2048"))
    return context


def pings(context, port):
    with socket.create_connection(("127.0.0.1", port), 10) as plain, context.wrap_socket(plain) as link:
        link.sendall(b"PING\r\n")
        return link.cipher()[0] if link.recv(64).startswith(b"+PONG") else "no PONG"


def with_client_certificate(tools, port, real):
    """What went wrong, a line each."""
    names = suite_names(tools)
    problems = []
    carried = set()
    for suite in real["TLS 1.2"]:
        try:
            if pings(context_for(tools, names[suite], ssl.TLSVersion.TLSv1_2), port) == names[suite]:
                carried.add(suite)
        except OSError as error:
            problems.append(f"with a client certificate {names[suite]} fails: {error}")
    if carried != set(real["TLS 1.2"]):
        problems.append(f"{len(carried)} of {len(real['TLS 1.2'])} suites carry a PING at TLS 1.2")
    if real["TLS 1.3"] and not pings(context_for(tools, "", ssl.TLSVersion.TLSv1_3), port).startswith("TLS_"):
        problems.append("TLS 1.3 with a client certificate carries no PING")
    return problems
