"""What OpenSSL's own expansion of a cipher string says that a server offers."""

VERSIONS = {"SSL 3.0": "-ssl3", "TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}


def expansion(keys, string, kinds, versions, tls13=None, without_dh=False):
    """{version: suites} for certificates of these kinds ("RSA", "ECDSA", "DSS")."""
    found = {}
    for version in versions:
        arguments = ["ciphers", "-s", "-V", VERSIONS[version]]
        if version == "TLS 1.3" and tls13:
            arguments += ["-ciphersuites", tls13]
        text = keys.openssl(*arguments, string)
        found[version] = set()
        for line in text.splitlines():
            fields = line.split()
            code = int(fields[0].replace(",0x", ""), 16)
            exchange, authentication = fields[4].split("=")[1], fields[5].split("=")[1]
            if version == "TLS 1.3":
                if exchange == "any":
                    found[version].add(code)
            elif (authentication in (*kinds, "None") and exchange in ("RSA", "DH", "ECDH")
                  and not (exchange == "RSA" and "RSA" not in kinds) and not (without_dh and exchange == "DH")):
                found[version].add(code)
    return found
