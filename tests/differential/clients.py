"""Runs real Python clients with the forms of a job file against the rogue
servers. The servers see who logs in; this only tries, face after face, and
notes what the client said.

    python3 clients.py jobs.json answers.json
"""
import json
import logging
import ssl
import sys
import warnings

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def redis_py(text, names):
    import redis

    made = eval(text, dict(names, Redis=redis.Redis, from_url=redis.Redis.from_url))
    client = redis.Redis.from_url(made) if isinstance(made, str) else made
    client.ping()


def broker(url, **settings):
    from celery import Celery

    app = Celery("a", broker=url, set_as_current=False)
    app.conf.update(settings)
    app.connection_for_write().transport.establish_connection()  # once, without retries


def backend(url=None, **settings):
    from celery import Celery

    app = Celery("a", backend=url, set_as_current=False)
    app.conf.update(settings)
    app.backend.client.ping()


CLIENTS = {
    "redis-py": redis_py,
    "kombu": lambda text, names: eval("broker(" + text + ")", dict(names, broker=broker)),
    "celery": lambda text, names: eval("backend(" + text + ")", dict(names, backend=backend)),
}


def attempt(job, port, names):
    text = job["form"].replace("PORT", str(port)).replace("USER", "case%dx" % job["id"])
    try:
        CLIENTS[job["client"]](text, names)
        return "connected"
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def run(job, ports, names):
    said = {}
    for face, port in ports.items():
        said[face] = attempt(job, port, names)
        if face == "stranger" and "rogue" in said[face]:
            break
    return said


def main(jobs_path, answers_path):
    with open(jobs_path, encoding="utf-8") as file:
        jobs = json.load(file)
    names = {"CA": jobs["ca"], "ssl": ssl}
    answers = {job["id"]: run(job, jobs["ports"], names) for job in jobs["cases"]}
    with open(answers_path, "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
