// The files of the setup guide's project, as the guide gives them. "{root}"
// stands for the project's directory, where the guide writes /path/to.
#pragma once

#include <string_view>

namespace rta::demo::guide {

inline constexpr std::string_view kRedisConf =
    R"(################################## TLS/SSL #####################################

# Enable TLS on port 6379 (disable regular port)
port 0
tls-port 6379

# Server certificate and key
tls-cert-file {root}/certs/redis/redis-server-cert.pem
tls-key-file {root}/certs/redis/redis-server-key.pem

# CA certificate to verify clients (if using client certificates)
tls-ca-cert-file {root}/certs/redis/ca-cert.pem

# Require clients to authenticate with certificates (optional)
# Set to 'no' to allow TLS without client certificates
# Set to 'yes' for mutual TLS authentication
tls-auth-clients no

# TLS protocols (TLS 1.2 and 1.3 only for HIPAA)
tls-protocols "TLSv1.2 TLSv1.3"

# Strong cipher suites (HIPAA compliant)
tls-ciphers DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL
tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256

# Prefer server ciphers
tls-prefer-server-ciphers yes

# DH parameters for additional security (optional)
# openssl dhparam -out /path/to/dh2048.pem 2048
# tls-dh-params-file /path/to/dh2048.pem

################################################################################
)";

inline constexpr std::string_view kCompose = R"(version: '3.8'

services:
  redis:
    image: redis:7-alpine
    ports:
      - "6379:6379"
    volumes:
      - ./certs/redis:/certs/redis:ro
    command: >
      redis-server
      --port 0
      --tls-port 6379
      --tls-cert-file /certs/redis/redis-server-cert.pem
      --tls-key-file /certs/redis/redis-server-key.pem
      --tls-ca-cert-file /certs/redis/ca-cert.pem
      --tls-auth-clients no
      --tls-protocols "TLSv1.2 TLSv1.3"

  backend:
    build: ./backend
    environment:
      - REDIS_HOST=redis
      - REDIS_PORT=6379
      - REDIS_TLS_ENABLED=true
      - REDIS_TLS_CA_PATH=/certs/redis/ca-cert.pem
    volumes:
      - ./certs/redis:/certs/redis:ro

  worker:
    build: ./worker
    environment:
      - REDIS_HOST=redis
      - REDIS_PORT=6379
      - REDIS_TLS_ENABLED=true
      - REDIS_TLS_CA_CERT=/certs/redis/ca-cert.pem
    volumes:
      - ./certs/redis:/certs/redis:ro
)";

inline constexpr std::string_view kBackendEnv = R"(# Redis TLS Configuration
REDIS_TLS_ENABLED=true
REDIS_TLS_CA_PATH=/absolute/path/to/certs/redis/ca-cert.pem

# Optional: Client certificates for mutual TLS
# REDIS_TLS_CERT_PATH=/absolute/path/to/certs/redis/redis-client-cert.pem
# REDIS_TLS_KEY_PATH=/absolute/path/to/certs/redis/redis-client-key.pem

# For AWS ElastiCache
# REDIS_HOST=your-cluster.cache.amazonaws.com
# REDIS_PORT=6379
# REDIS_TLS_ENABLED=true
# REDIS_TLS_CA_PATH=/path/to/global-bundle.pem
)";

inline constexpr std::string_view kWorkerEnv = R"(# Redis TLS Configuration
REDIS_TLS_ENABLED=true
REDIS_TLS_CA_CERT=/absolute/path/to/certs/redis/ca-cert.pem
REDIS_TLS_VERIFY=true

# Optional: Client certificates for mutual TLS
# REDIS_TLS_CERT=/absolute/path/to/certs/redis/redis-client-cert.pem
# REDIS_TLS_KEY=/absolute/path/to/certs/redis/redis-client-key.pem

# For development with self-signed certs, you can disable verification
# REDIS_TLS_VERIFY=false

# For AWS ElastiCache
# REDIS_HOST=your-cluster.cache.amazonaws.com
# REDIS_PORT=6379
# REDIS_TLS_ENABLED=true
# REDIS_TLS_CA_CERT=/path/to/global-bundle.pem
)";

inline constexpr std::string_view kGitignore = R"(certs/
*.pem
*.key
*.crt
*.csr
)";

inline constexpr std::string_view kCertificateScript = R"(#!/bin/bash
# Create certificates directory
mkdir -p certs/redis

# Navigate to certs directory
cd certs/redis

# Generate CA certificate
openssl genrsa -out ca-key.pem 4096
openssl req -new -x509 -days 3650 -key ca-key.pem -out ca-cert.pem \
  -subj "/C=US/ST=State/L=City/O=Organization/CN=Redis-CA"

# Generate Redis server certificate
openssl genrsa -out redis-server-key.pem 4096
openssl req -new -key redis-server-key.pem -out redis-server.csr \
  -subj "/C=US/ST=State/L=City/O=Organization/CN=localhost"

# Sign the server certificate with CA
openssl x509 -req -days 3650 -in redis-server.csr \
  -CA ca-cert.pem -CAkey ca-key.pem -set_serial 01 \
  -out redis-server-cert.pem

# Generate client certificate (optional - for mutual TLS)
openssl genrsa -out redis-client-key.pem 4096
openssl req -new -key redis-client-key.pem -out redis-client.csr \
  -subj "/C=US/ST=State/L=City/O=Organization/CN=redis-client"

# Sign the client certificate with CA
openssl x509 -req -days 3650 -in redis-client.csr \
  -CA ca-cert.pem -CAkey ca-key.pem -set_serial 02 \
  -out redis-client-cert.pem

# Set proper permissions
chmod 600 *.key.pem
chmod 644 *.cert.pem ca-cert.pem

# Clean up CSR files
rm *.csr

echo "Redis TLS certificates generated successfully"
)";

inline constexpr std::string_view kElastiCacheScript = R"(#!/bin/bash
aws elasticache create-replication-group \
  --replication-group-id untxt-redis \
  --replication-group-description "UNTXT Redis Cluster" \
  --engine redis \
  --cache-node-type cache.t3.medium \
  --num-cache-clusters 2 \
  --transit-encryption-enabled \
  --auth-token "YourSecureToken123!" \
  --at-rest-encryption-enabled

wget https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem -O /path/to/certs/global-bundle.pem
)";

inline constexpr std::string_view kMonitoringDocument = R"(# Redis TLS: verification and monitoring

Check TLS info:

```bash
redis-cli --tls \
  --cacert /path/to/certs/redis/ca-cert.pem \
  INFO server | grep ssl
```

Monitor Redis traffic (should be encrypted):

```bash
sudo tcpdump -i lo0 -A -s 0 'port 6379'
```

Monitor Redis TLS connections:

```bash
# Check active TLS connections
redis-cli --tls --cacert /path/to/ca-cert.pem CLIENT LIST | grep ssl

# Monitor for connection errors
tail -f /var/log/redis/redis-server.log | grep -i "ssl\|tls"
```
)";

inline constexpr std::string_view kBackendPackage = R"({
  "name": "backend",
  "version": "1.0.0",
  "private": true,
  "scripts": {"start": "node server.js"},
  "dependencies": {"dotenv": "^16.4.5", "ioredis": "^5.4.1"}
}
)";

inline constexpr std::string_view kWorkerRequirements = R"(python-dotenv==1.0.1
redis==5.0.7
)";

}  // namespace rta::demo::guide
