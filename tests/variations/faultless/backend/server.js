const fs = require('fs');
const Redis = require('ioredis');

if (process.env.REDIS_TLS_ENABLED !== 'true') throw new Error('Redis is used with TLS only');

const redis = new Redis({
  host: process.env.REDIS_HOST,
  port: Number(process.env.REDIS_PORT),
  username: process.env.REDIS_USERNAME,
  password: process.env.REDIS_PASSWORD,
  tls: {
    ca: fs.readFileSync(process.env.REDIS_TLS_CA_PATH),
    cert: fs.readFileSync(process.env.REDIS_TLS_CERT_PATH),
    key: fs.readFileSync(process.env.REDIS_TLS_KEY_PATH),
  },
});

redis.ping();
