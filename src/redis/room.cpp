// redis
