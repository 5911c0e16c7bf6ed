// The same project as it ought to be. Redis runs on the host under systemd,
// the applications run in compose. "{root}" stands for the project's
// directory, "{address}" and "{port}" for the listener.
#pragma once

#include <string_view>

namespace rta::demo::hardened {

inline constexpr std::string_view kRedisConf = R"(# TLS only, on one address.
bind {address}
protected-mode yes
port 0
tls-port {port}

tls-cert-file {root}/tls/redis-server.pem
tls-key-file {root}/tls/redis-server.key
tls-ca-cert-file {root}/tls/redis-ca.pem
tls-auth-clients yes
tls-protocols "TLSv1.2 TLSv1.3"
tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20
tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256
tls-prefer-server-ciphers yes
tls-session-cache-timeout 300

# Named users only; the file also switches the default user off.
aclfile {root}/users.acl
acllog-max-len 1024

# Who connected, and when.
logfile {root}/log/redis-server.log
loglevel verbose
syslog-enabled yes
syslog-ident redis

# Idle sessions end.
timeout 900
tcp-keepalive 300
maxclients 1000
)";

inline constexpr std::string_view kCompose = R"(services:
  backend:
    image: registry.untxt.example/backend:4.2.0@sha256:6f1ed002ab5595859014ebf0951522d9a1f1a2c5b0d6f0c8a8a4c8e2b7d9e3f1
    env_file: backend/.env
    extra_hosts:
      - "redis:host-gateway"
    volumes:
      - ./tls/redis-ca.pem:{root}/tls/redis-ca.pem:ro
      - ./tls/backend.pem:{root}/tls/backend.pem:ro
      - ./tls/backend.key:{root}/tls/backend.key:ro
    user: "10001:10001"
    read_only: true
    security_opt:
      - no-new-privileges:true

  worker:
    image: registry.untxt.example/worker:4.2.0@sha256:0c4b2b9d8d3e1f6a7b5c9d2e4f60718293a4b5c6d7e8f90123456789abcdef01
    env_file: worker/.env
    extra_hosts:
      - "redis:host-gateway"
    volumes:
      - ./tls/redis-ca.pem:{root}/tls/redis-ca.pem:ro
      - ./tls/worker.pem:{root}/tls/worker.pem:ro
      - ./tls/worker.key:{root}/tls/worker.key:ro
    user: "10002:10002"
    read_only: true
    security_opt:
      - no-new-privileges:true
)";

inline constexpr std::string_view kBackendEnv = R"(NODE_ENV=production
REDIS_HOST=redis
REDIS_PORT=6379
REDIS_TLS_ENABLED=true
REDIS_TLS_CA_PATH={root}/tls/redis-ca.pem
REDIS_TLS_CERT_PATH={root}/tls/backend.pem
REDIS_TLS_KEY_PATH={root}/tls/backend.key
REDIS_USERNAME=backend
REDIS_PASSWORD={password}
)";

inline constexpr std::string_view kWorkerEnv = R"(REDIS_HOST=redis
REDIS_PORT=6379
REDIS_TLS_ENABLED=true
REDIS_TLS_VERIFY=true
REDIS_TLS_CA_CERT={root}/tls/redis-ca.pem
REDIS_TLS_CERT={root}/tls/worker.pem
REDIS_TLS_KEY={root}/tls/worker.key
REDIS_USERNAME=worker
REDIS_PASSWORD={password}
)";

inline constexpr std::string_view kBackendPackage = R"({
  "name": "backend",
  "version": "4.2.0",
  "private": true,
  "scripts": {"start": "node server.js"},
  "dependencies": {"dotenv": "16.6.1", "ioredis": "5.4.1"}
}
)";

inline constexpr std::string_view kWorkerRequirements = R"(python-dotenv==1.0.1
redis==6.4.0
)";

inline constexpr std::string_view kGitignore =
    R"(# TLS material and everything that may hold a secret.
tls/
certs/
*.pem
*.key
*.crt
*.cer
*.der
*.csr
*.p12
*.pfx
*.p7b
*.jks
*.bak
*~
id_rsa
.env
.env.*
!.env.example
users.acl
*.rdb
*.aof
log/
)";

inline constexpr std::string_view kRenewService = R"([Unit]
Description=Renew the Redis server certificate and make Redis load it
Documentation=man:step(1)

[Service]
Type=oneshot
ExecStart=/usr/bin/step ca renew --force --expires-in 720h {root}/tls/redis-server.pem {root}/tls/redis-server.key --exec "/usr/bin/redis-cli --tls --cacert {root}/tls/redis-ca.pem --cert {root}/tls/auditor.pem --key {root}/tls/auditor.key -h redis CONFIG SET tls-cert-file {root}/tls/redis-server.pem tls-key-file {root}/tls/redis-server.key"
)";

inline constexpr std::string_view kRenewTimer = R"([Unit]
Description=Weekly renewal of the Redis server certificate

[Timer]
OnCalendar=weekly
Persistent=true

[Install]
WantedBy=timers.target
)";

inline constexpr std::string_view kAuditService = R"([Unit]
Description=Nightly audit of the Redis TLS deployment
Documentation=man:redis-tls-audit(1)

[Service]
Type=oneshot
ExecStart=/usr/bin/redis-tls-audit scan {root} --target rediss://redis:6379 --config /etc/redis-tls-audit/audit.toml --output json=/var/lib/redis-tls-audit/report.json
)";

inline constexpr std::string_view kAuditTimer = R"([Unit]
Description=Nightly audit of the Redis TLS deployment

[Timer]
OnCalendar=daily
Persistent=true

[Install]
WantedBy=timers.target
)";

inline constexpr std::string_view kPrometheusRules = R"(groups:
  - name: redis-tls
    rules:
      - alert: RedisCertificateExpiresSoon
        expr: probe_ssl_earliest_cert_expiry{instance="redis:6379"} - time() < 21 * 86400
        for: 1h
        labels:
          severity: page
        annotations:
          summary: The certificate of redis:6379 expires in less than 21 days
      - alert: RedisExporterDown
        expr: redis_up{instance="redis:6379"} == 0
        for: 5m
        labels:
          severity: page
)";

inline constexpr std::string_view kPrometheusScrape = R"(scrape_configs:
  - job_name: redis-certificate
    metrics_path: /probe
    params:
      module: [redis_tls]
    static_configs:
      - targets: ["redis:6379"]
rule_files:
  - redis-tls.rules.yml
)";

inline constexpr std::string_view kExporterService = R"([Unit]
Description=Prometheus exporter for Redis

[Service]
Environment=REDIS_ADDR=rediss://redis:6379
Environment=REDIS_EXPORTER_TLS_CA_CERT_FILE={root}/tls/redis-ca.pem
Environment=REDIS_EXPORTER_TLS_CLIENT_CERT_FILE={root}/tls/auditor.pem
Environment=REDIS_EXPORTER_TLS_CLIENT_KEY_FILE={root}/tls/auditor.key
ExecStart=/usr/bin/redis_exporter
)";

inline constexpr std::string_view kLogrotate = R"({root}/log/redis-server.log {
    daily
    rotate 90
    create 0640 redis adm
    compress
    missingok
}
)";

inline constexpr std::string_view kFluentBit = R"([SERVICE]
    flush 5

[INPUT]
    name  tail
    path  {root}/log/redis-server.log
    tag   redis

[OUTPUT]
    name  forward
    match redis
    host  logs.untxt.example
    port  24224
    tls   on
    tls.verify on
)";

}  // namespace rta::demo::hardened
