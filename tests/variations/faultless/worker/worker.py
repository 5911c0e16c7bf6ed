import os

import redis

client = redis.Redis(
    host=os.environ["REDIS_HOST"],
    port=int(os.environ["REDIS_PORT"]),
    username=os.environ["REDIS_USERNAME"],
    password=os.environ["REDIS_PASSWORD"],
    ssl=True,
    ssl_ca_certs=os.environ["REDIS_TLS_CA_CERT"],
    ssl_certfile=os.environ["REDIS_TLS_CERT"],
    ssl_keyfile=os.environ["REDIS_TLS_KEY"],
)
client.ping()
