# One line a check, sorted: rta_check(FAMILY NAME).
rta_check(redis_conf tls_listener_only)
