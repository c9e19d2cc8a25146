import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.utils import translation
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from tests import fabricas


def pytest_addoption(parser):
    parser.addoption(
        "--otra-base", action="store_true", help="deja fuera lo que ya se probó con otra base de datos y no depende de ella"
    )


def pytest_collection_modifyitems(items, config):
    """Las pruebas con `hilos` van sin la transacción que las demás deshacen, y reponen lo que crearon las
    migraciones (página raíz, sitio, idiomas, grupos), que vaciar la base se lleva."""
    for prueba in items:
        if "hilos" in getattr(prueba, "fixturenames", ()):
            prueba.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
    if config.getoption("otra_base"):
        config.hook.pytest_deselected(items=[prueba for prueba in items if not depende_de_la_base(prueba)])
        items[:] = [prueba for prueba in items if depende_de_la_base(prueba)]


def pytest_collection_finish():
    """Lo cargado hasta aquí no se va: sin recorrerlo una y otra vez en busca de basura, las pruebas tardan la cuarta parte menos."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def depende_de_la_base(prueba) -> bool:
    """No: las que no la abren (sin marca ni fixture, pytest-django no las deja) y las de `una_base`, que da igual con cuál.

    Las de `hilos` dependen siempre: cada base tiene sus candados.
    """
    if "hilos" in prueba.fixturenames:
        return True
    if prueba.get_closest_marker("una_base"):
        return False
    return prueba.get_closest_marker("django_db") is not None or "django_db_setup" in prueba.fixturenames


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Publica la política una vez para todas: casi todas la necesitan, y publicarla es de lo más lento que hacen.

    Reponer fila por fila lo que crearon las migraciones le cuesta a Django medio segundo por prueba con `hilos`: aquí se
    copia tal cual, de tabla a tabla.
    """
    with django_db_blocker.unblock():
        fabricas.politica()
        DBTaskResult.objects.all().delete()
        tablas = _tablas_con_filas()
    connection.creation.deserialize_db_from_string = lambda _contenido: _reponer(tablas)


def _tablas_con_filas() -> dict[str, tuple[list, list]]:
    """{tabla: (columnas, filas)}, como las tiene la base de datos."""
    tablas = {}
    with connection.cursor() as cursor:
        for tabla in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(tabla)}")  # noqa: S608 -- el nombre lo da la base
            if filas := cursor.fetchall():
                tablas[tabla] = [columna[0] for columna in cursor.description], filas
    return tablas


def _reponer(tablas):
    """Antes de la primera prueba con `hilos` no falta ninguna."""
    with transaction.atomic(), connection.cursor() as cursor:
        for tabla, (columnas, filas) in tablas.items():
            nombres = ", ".join(map(connection.ops.quote_name, columnas))
            huecos = ", ".join(["%s"] * len(columnas))
            orden = f"INSERT INTO {connection.ops.quote_name(tabla)} ({nombres}) VALUES ({huecos}) ON CONFLICT DO NOTHING"  # noqa: S608 -- los nombres los da la base
            cursor.executemany(orden, filas)


@pytest.fixture(autouse=True)
def _sin_restos_de_otra_prueba():
    """Ni fragmentos (cada prueba vuelve a empezar en el mismo id) ni el idioma de la última petición."""
    caches["fragmentos"].clear()
    translation.deactivate()


@pytest.fixture
def sin_politica(db):
    fabricas.quitar_politica()


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
