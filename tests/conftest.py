import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.db import connections
from django.utils import translation
from django_tasks_db.management.commands.db_worker import Worker


def pytest_collection_modifyitems(items):
    """Las pruebas con `hilos` van sin la transacción que las demás deshacen, y reponen lo que crearon las
    migraciones (página raíz, sitio, idiomas, grupos), que vaciar la base se lleva."""
    for prueba in items:
        if "hilos" in getattr(prueba, "fixturenames", ()):
            prueba.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(autouse=True)
def _sin_restos_de_otra_prueba():
    """Ni fragmentos (cada prueba vuelve a empezar en el mismo id) ni el idioma de la última petición."""
    caches["fragmentos"].clear()
    translation.deactivate()


@pytest.fixture
def conexion_de_la_prueba(monkeypatch):
    """El trabajador de tareas cierra su conexión al terminar; la de la prueba lleva su transacción y debe seguir."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


@pytest.fixture
def trabajar(conexion_de_la_prueba):
    """Ejecuta lo que hay en la cola de tareas, como lo haría el trabajador."""

    def ejecutar():
        Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="pruebas",
        ).run()

    return ejecutar


@pytest.fixture
def hilos(transactional_db):
    """Ejecuta a la vez las funciones dadas, cada una con su conexión; devuelve lo que devolvió o lanzó cada una."""
    caches["default"].clear()

    def correr(*funciones):
        salida = threading.Barrier(len(funciones))

        def envolver(funcion):
            try:
                salida.wait(timeout=30)
                return funcion()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=len(funciones)) as grupo:
            return list(grupo.map(envolver, funciones))

    return correr
