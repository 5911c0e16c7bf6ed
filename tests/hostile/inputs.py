"""The hostile trees: name -> a function that makes {path: content}.

Content is bytes, or one of Link(target), Fifo(), Sparse(size), Folder(mode).
OUTSIDE stands for a folder beside the tree that nobody may look into.
"""
from collections import namedtuple

Link = namedtuple("Link", "target")
Fifo = namedtuple("Fifo", "")
Sparse = namedtuple("Sparse", "size")
Hard = namedtuple("Hard", "of")

KIB, MIB = 1024, 1024 * 1024
COMPOSE = b"services:\n  redis:\n    image: redis:7-alpine\n    command: redis-server /etc/redis.conf\n"
PEM = b"-----BEGIN CERTIFICATE-----\n"
KEY = b"-----BEGIN PRIVATE KEY-----\n"
ENV = b"REDIS_TLS_ENABLED=true\nREDIS_URL=rediss://redis:6379\n"
CONF = b"port 0\ntls-port 6379\n"


def compose(text):
    return {"docker-compose.yml": text if isinstance(text, bytes) else text.encode()}


def env(content):
    return {"backend/.env": content, "backend/package.json": b'{"dependencies":{"dotenv":"16","ioredis":"5"}}'}


def conf(content, **more):
    return {"redis.conf": content, **more}


def nested(opening, depth, closing=b""):
    return opening * depth + closing * depth


def fan_out():
    """Ten files that include ten files each, eight levels: 10^8 inclusions."""
    files = {"redis.conf": b"".join(b"include a%d.conf\n" % i for i in range(10))}
    for level, name in enumerate("abcdefgh"):
        below = "bcdefgh "[level]
        for i in range(10):
            files["%s%d.conf" % (name, i)] = (
                b"port 0\n" if below == " " else b"".join(b"include %s%d.conf\n" % (below.encode(), k) for k in range(10)))
    return files


def aliases(width, depth):
    text = "x-a0: &a0 [x]\n"
    for i in range(1, depth):
        text += "x-a%d: &a%d [%s]\n" % (i, i, ",".join(["*a%d" % (i - 1)] * width))
    return text + COMPOSE.decode()


NAMES = [b"\x1b]0;title\x07.env", b"::error::x.env", b"##[error]x.env", b"a\nb.env", b"a\r::warning::b.env", b"-rf.env",
         b"%n%s.env", b"\xff\xfe.env", b"\xe2\x80\xae.env", b"$(id).env", b"`id`.env", b"'\";.env", b"\xc2\x9b31m.env",
         b" .env", b"<script>alert(1)</script>.env", b"=1+1.env", b"a" * 250 + b".env"]


def trees():
    all = {}

    # Links and special files (101-111).
    for name, target in {"absolute": "OUTSIDE/canary.env", "relative": "../outside/canary.env",
                         "folder": "OUTSIDE", "passwd": "/etc/passwd", "proc": "/proc/self/environ",
                         "device": "/dev/zero", "dangling": "nowhere", "loop": ".env"}.items():
        all["env-link-" + name] = lambda target=target: {"backend/.env": Link(target)}
    all["compose-link"] = lambda: {"docker-compose.yml": Link("OUTSIDE/compose.yml")}
    all["conf-link"] = lambda: {"redis.conf": Link("OUTSIDE/redis.conf")}
    all["folder-link"] = lambda: {"backend": Link("OUTSIDE"), **conf(CONF)}
    all["key-link"] = lambda: {"certs/redis.key": Link("OUTSIDE/canary.key"), **compose(COMPOSE)}
    all["link-cycle"] = lambda: {"a/b/c": Link("../../a"), "a/.env": ENV}
    all["hard-link"] = lambda: {"backend/.env": ENV, "worker/.env": Hard("backend/.env")}
    for path in ("backend/.env", "redis.conf", "docker-compose.yml", "certs/redis.key", ".gitignore", "conf.d/x.conf"):
        all["fifo-" + path.replace("/", "-")] = lambda path=path: {path: Fifo(), "keep/.env": ENV}
    all["folder-instead"] = lambda: {"docker-compose.yml/x": b"", "redis.conf/x": b"", ".env/x": b""}

    # Sizes (113-118).
    for path in ("backend/.env", "redis.conf", "docker-compose.yml", "certs/redis.crt", "certs/redis.key", "app.py"):
        all["sparse-1tib-" + path.replace("/", "-")] = lambda path=path: {path: Sparse(1 << 40), "keep/.env": ENV}
    all["env-line-64mib"] = lambda: env(b"REDIS_URL=" + b"a" * (64 * MIB))
    all["conf-line-64mib"] = lambda: conf(b"requirepass " + b"a" * (64 * MIB))
    all["compose-line-64mib"] = lambda: compose(COMPOSE + b"x-a: " + b"a" * (64 * MIB))
    all["pem-line-64mib"] = lambda: {"certs/ca.crt": PEM + b"A" * (64 * MIB)}
    all["env-1m-lines"] = lambda: env(b"A=1\n" * 1000000)
    all["env-full-limit"] = lambda: env(b"A" * 7 + b"=${A}\n" * 170000)
    all["conf-1m-lines"] = lambda: conf(b"port 0\n" * 149000)
    all["compose-1m-lines"] = lambda: compose(COMPOSE + b"# c\n" * 200000)
    all["compose-many-keys"] = lambda: compose(COMPOSE + b"    environment:\n" + b"".join(b"      k%d: 1\n" % i for i in range(45000)))
    all["compose-many-services"] = lambda: compose(b"services:\n" + b"".join(b"  s%d: {image: r}\n" % i for i in range(20000)))

    # PEM and keys (113-120).
    all["pem-empty"] = lambda: {"certs/redis.crt": b"", "certs/redis.key": b""}
    all["pem-begin-only"] = lambda: {"certs/redis.crt": PEM, "certs/redis.key": KEY}
    all["pem-10000"] = lambda: {"certs/ca.crt": (PEM + b"MIIB\n-----END CERTIFICATE-----\n") * 10000}
    all["pem-prose"] = lambda: {"certs/redis.key": b"\xef\xbb\xbfhello\r\n" + KEY + b"AAAA\r\n-----END PRIVATE KEY-----\r\nbye"}
    all["der-deep"] = lambda: {"certs/redis.der": b"\x30\x80" * 100000, "certs/redis.crt": b"\x30\x80" * 100000}
    all["pem-nested"] = lambda: {"certs/redis.crt": PEM * 50000}

    # Env files (121-126).
    all["env-markup"] = lambda: env(b"REDIS_URL=rediss://u:<script>alert(1)</script>@h\nREDIS_PASSWORD=\x1b[2J::error::x\n")
    all["env-password-url"] = lambda: env(b"REDIS_URL=redis://:CANARY-secret@[::1\nREDIS_TLS_ENABLED=\n")
    all["env-control"] = lambda: env(b"REDIS_TLS_ENABLED=\x1b]8;;http://x\x07t\n::error file=x::y\n##[group]z\nREDIS_HOST=\x1b[31mh\n")
    all["env-utf16"] = lambda: env("REDIS_TLS_ENABLED=true\n".encode("utf-16"))
    all["env-nul"] = lambda: env(b"REDIS_TLS_ENABLED=tr\0ue\n\0\0\0")
    all["env-invalid-utf8"] = lambda: env(b"REDIS_TLS_ENABLED=\xff\xfe\xc0\x80true\n\xed\xa0\x80=1\n")
    all["env-open-quotes"] = lambda: env(b"A=\"\n" * 50000 + b"B='" * 50000)
    all["env-nested-default"] = lambda: env(b"A=" + nested(b"${A:-", 100000, b"}"))
    all["env-braces"] = lambda: env(b"A=" + b"${A:-}" * 150000)
    all["env-escapes"] = lambda: env(b'A="' + b"\\" * 500000)
    all["env-bom"] = lambda: env(b"\xef\xbb\xbf" * 1000 + ENV)

    # redis.conf (127-134).
    all["conf-self-include"] = lambda: conf(b"include redis.conf\nport 0\n")
    all["conf-include-cycle"] = lambda: conf(b"include b.conf\n", **{"b.conf": b"include redis.conf\n"})
    all["conf-fan-out"] = lambda: fan_out()
    all["conf-escape"] = lambda: conf(b"include ../outside/redis.conf\ninclude /etc/passwd\naclfile ../outside/users.acl\n")
    all["conf-glob-escape"] = lambda: conf(b"include ../outside/*\ninclude /*/*\ninclude */*/*/*/*/*\n")
    all["conf-glob-fifo"] = lambda: conf(b"include conf.d/*.conf\n", **{"conf.d/a.conf": Fifo()})
    all["conf-device"] = lambda: conf(b"include /dev/zero\ninclude /dev/stdin\ninclude /proc/self/mem\n")
    all["conf-quotes"] = lambda: conf(b'requirepass "' + b"\\x41" * 100000 + b"\nuser \"" + b"'" * 10)
    all["conf-nul"] = lambda: conf(b"# x\0\nport 6379\n\0\nrequirepass CANARY-secret\0\n")
    all["conf-modules"] = lambda: conf(b"loadmodule ../outside/x.so\ndir /\nlogfile ../../outside/x\nunixsocket /x\n"
                               b"rename-command CONFIG \"\"\n")
    all["conf-control"] = lambda: conf(b"port \x1b[2J\n::error::boo\n##[error]boo\ntls-port 6379\n")
    all["conf-arguments"] = lambda: conf(b"bind " + b"a " * 400000)
    all["conf-users"] = lambda: conf(b"user a on " + b"(~a +get) " * 50000 + b"\n" + b"user b on >CANARY-secret ~*\n" * 1000)
    all["conf-utf16"] = lambda: conf("port 0\n".encode("utf-16"))
    all["conf-glob-stars"] = lambda: conf(b"include " + b"*a" * 2000 + b"*\n", **{"a" * 200: b"x"})

    # YAML and JSON (135-138).
    all["yaml-bomb"] = lambda: compose(aliases(9, 20))
    all["yaml-bomb-merge"] = lambda: compose("x-a: &a {k0: 1}\n" + "".join(
        "x-b%d: &b%d {<<: [*a,*a,*a], k%d: *a}\n" % (i, i, i) for i in range(2000)) + COMPOSE.decode())
    all["yaml-self-anchor"] = lambda: compose(b"x-a: &a [*a]\n" + COMPOSE)
    all["yaml-self-merge"] = lambda: compose(b"x-a: &a {<<: *a, b: 1}\n" + COMPOSE)
    all["yaml-deep-flow"] = lambda: compose(b"x-a: " + nested(b"[", 100000, b"]") + b"\n" + COMPOSE)
    all["yaml-deep-open"] = lambda: compose(b"x-a: " + b"{a: " * 100000)
    all["yaml-deep-block"] = lambda: compose(b"".join(b" " * i + b"a:\n" for i in range(1200)))
    all["yaml-deep-dash"] = lambda: compose(b"x-a:\n  " + b"- " * 100000 + b"x\n" + COMPOSE)
    all["yaml-tags"] = lambda: compose(COMPOSE + b"x-a: !!python/object/apply:os.system ['id']\nx-b: !<tag:x> y\nx-c: !!binary =\n")
    all["yaml-duplicate"] = lambda: compose(COMPOSE + COMPOSE)
    all["yaml-keys"] = lambda: compose(b"? [a, b]\n: c\n? {d: e}\n: f\n" + COMPOSE)
    all["yaml-utf16"] = lambda: compose("services: {}\n".encode("utf-16"))
    all["yaml-control"] = lambda: compose(COMPOSE + b"    \"\\e[2J::error::\": 1\n")
    all["yaml-names"] = lambda: compose("services:\n  \"\\n::error::boo\":\n    image: redis\n  \"\\e[31m\": {image: redis}\n")
    all["yaml-documents"] = lambda: compose(b"---\nx-a: 1\n" * 60000)
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p%d}\nspec:\n  containers:\n  - name: redis\n    image: redis\n"
    all["kubernetes-doubling"] = lambda: {"k8s/pod.yaml": (pod % 0 + "    env:\n    - {name: V0, value: xxxxxxxx}\n" + "".join(
        '    - {name: V%d, value: "$(V%d)$(V%d)"}\n' % (i, i - 1, i - 1) for i in range(1, 8000))).encode()}
    all["kubernetes-copies"] = lambda: {
        "k8s/map.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.conf: |\n" + b"    port 0\n" * 60000,
        "k8s/pods.yaml": "---\n".join(pod % i + "    envFrom: [{configMapRef: {name: c}}]\n    volumeMounts: [{name: v, mountPath: /e}]\n"
                                      "  volumes: [{name: v, configMap: {name: c}}]\n" for i in range(600)).encode()}
    all["kubernetes-names"] = lambda: {"k8s/pod.yaml": b"apiVersion: v1\nkind: Pod\nmetadata: {name: \"\\e[31m::error::\"}\nspec: {containers: [{image: \"redis\\n::error::\", env: [{name: \"\\e]0;REDIS_URL\", value: \"redis://\\e[2J\"}]}]}\n"}
    all["kustomize-outside"] = lambda: {"k8s/kustomization.yaml": b"configMapGenerator:\n- {name: c, files: [../../outside/redis.conf, x=/etc/passwd]}\n",
                                        "k8s/pod.yaml": (pod % 0 + "    args: [/e/x]\n    volumeMounts: [{name: v, mountPath: /e}]\n  volumes: [{name: v, configMap: {name: c}}]\n").encode()}
    all["systemd-loops"] = lambda: {"redis.service": b"[Service]\nExecStart=/usr/bin/redis-server " + b"$A ${A} %i %n " * 20000 + b"\nEnvironment=A=" + b"x" * 60000 + b"\n",
                                    "redis.service.d/x.conf": b"[Service]\nExecStart=\nExecStart=/usr/bin/redis-server /etc/shadow --include /etc/passwd\n"}
    all["compose-include-cycle"] = lambda: compose("include: [docker-compose.yml]\n")
    all["compose-include-escape"] = lambda: compose("include: [../outside/compose.yml, /etc/passwd]\nservices: {}\n")
    all["compose-extends-cycle"] = lambda: compose("services:\n  a: {extends: b}\n  b: {extends: {file: docker-compose.yml, service: a}}\n")
    all["compose-env-escape"] = lambda: compose(COMPOSE + b"    env_file: [../outside/canary.env, /proc/self/environ]\n")
    all["compose-mount-escape"] = lambda: compose(COMPOSE + b"    volumes: ['../outside:/x', '/:/host', './a/../../outside:/y']\n"
                                                    b"    secrets: [s]\nsecrets: {s: {file: ../outside/canary.key}}\n")
    all["compose-interpolation"] = lambda: compose(COMPOSE + b"    environment:\n      A: " + nested(b"${A:-", 60000, b"}") + b"\n")
    all["compose-interpolation-flat"] = lambda: compose(COMPOSE + b"    environment:\n      A: " + b"${A:-b}" * 120000 + b"\n")
    all["compose-ports"] = lambda: compose(COMPOSE + b"    ports: [" + b"'1-65535:1-65535'," * 50 + b"]\n")
    all["compose-extends-many"] = lambda: {
        **compose("services:\n" + "".join("  s%d: {extends: {file: b.yml, service: b}}\n" % i for i in range(3000))),
        "b.yml": b"services:\n  b: {image: redis, env_file: big.env}\nx-a:\n" + b"  - x\n" * 20000,
        "big.env": b"A=${B:-c}\n" * 90000}
    all["compose-include-big"] = lambda: {
        **compose("include: [" + ",".join("i%d.yml" % i for i in range(80)) + "]\n"),
        **{"i%d.yml" % i: b"x-a: [" + b"x," * 90000 + b"x]\nservices: {}\n" for i in range(80)}}
    all["compose-include-many"] = lambda: compose("include: [" + "s.yml," * 50000 + "]\n")
    all["compose-override-escape"] = lambda: {**compose(COMPOSE), "docker-compose.override.yml": Link("OUTSIDE/compose.yml")}
    all["json-deep"] = lambda: {"package.json": nested(b'{"a":', 200000), "backend/package.json": b"[" * 200000}
    all["json-numbers"] = lambda: {"backend/package.json": b'{"dependencies":{"ioredis":1e999999,"ioredis":"5","dotenv":"16"}}', "backend/.env": ENV}

    # Trees and names (140-142), ignore rules and git (143-147).
    all["tree-500-deep"] = lambda: {"d/" * 500 + ".env": ENV}
    all["tree-wide"] = lambda: {"w/%d/.env" % i: ENV for i in range(3000)}
    all["tree-names"] = lambda: {b"names/" + name: ENV for name in NAMES}
    all["tree-name-folders"] = lambda: {b"names/" + name + b"/redis.key": KEY for name in NAMES}
    all["ignore-stars"] = lambda: {".gitignore": (b"*a" * 300 + b"b\n") * 200, "certs/" + "a" * 200 + ".key": KEY}
    all["ignore-1m-lines"] = lambda: {".gitignore": b"*.key\n!*.key\n" * 80000, "certs/redis.key": KEY}
    all["git-file-escape"] = lambda: {".git": b"gitdir: ../outside/git\n", "certs/redis.key": KEY}
    all["git-commands"] = lambda: {".git/HEAD": b"ref: refs/heads/main\n", ".git/objects/x": b"", ".git/refs/x": b"",
                           ".git/config": b"[core]\n fsmonitor = touch ../outside/ran\n hooksPath = ../outside\n"
                                          b" sshCommand = touch ../outside/ran\n[filter \"x\"]\n clean = touch ../outside/ran\n"
                                          b"[include]\n path = ../../outside/gitconfig\n"}
    all["git-corrupt"] = lambda: {".git/HEAD": b"\xff" * 4096, ".git/index": b"DIRC\0\0\0\2\xff\xff\xff\xff" * 1000,
                          ".git/objects/info/alternates": b"../../../outside/objects\n", ".git/refs/heads/main": b"z"}

    # Schedules, units, sources.
    all["unit-lines"] = lambda: {"deploy/renew.service": b"[Service]\nExecStart=" + b"a \\\n" * 200000, "deploy/renew.timer": b"[Timer]\nOnCalendar=" + b"*" * 100000}
    all["source-lines"] = lambda: {"backend/app.js": b"rejectUnauthorized:" * 50000, "worker/app.py": b"ssl_cert_reqs=" * 50000 + b"\"" * 1000}
    for name, path in (("compose", "docker-compose.yml"), ("workflow", ".github/workflows/x.yml"),
                       ("manifest", "k8s/a.yaml"), ("spring", "backend/src/main/resources/application.yml")):
        # A token that belongs to no document: YAML's reader found documents for ever.
        all[name + "-comma"] = lambda path=path: {path: b",spring.redis: a\nredis: AWS::ElastiCache::X\n"}
    all["workflow"] = lambda: {".github/workflows/x.yml": b"on: {schedule: [{cron: '" + b"* " * 100000 + b"'}]}\njobs: {a: {steps: [{run: 'x'}]}}\n"}
    return all
