"""Gunicorn: lo mismo en la demostración, la medición y producción. `WEB_CONCURRENCY` cambia los procesos."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", 2))
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 15
# La señal de vida de cada proceso: en disco, una escritura lenta lo haría pasar por muerto.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# El conector de control se comparte entre instalaciones de la misma persona y aquí no se usa.
control_socket_disable = True
