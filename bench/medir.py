"""Mide inicio, lista y detalle frente a una página vacía de Wagtail, en el mismo servidor y la misma corrida.

Cinco rondas intercaladas, con y sin sesión; se informa la mediana. La meta: al menos la mitad de las
peticiones por segundo de la página vacía. Después, que ninguna puerta delate por lo que tarda si un correo tiene cuenta
(`bench/puertas.py`), y cuánto tarda un padrón de 200.000 documentos (`bench/padron.py`). Añade el resultado a `docs/medidas.md`.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from bench import padron, puertas
from scripts.postgres import PostgresTemporal, SinPostgres, puerto_libre

RAIZ = Path(__file__).resolve().parents[1]
INFORME = RAIZ / "docs" / "medidas.md"
RONDAS, SEGUNDOS, CONEXIONES = 5, 5, 8
META = 0.5
TICS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Medida:
    por_segundo: float
    p50: float  # ms
    p99: float  # ms
    cpu: float  # ms de CPU de gunicorn por petición


def entorno(url_base_datos: str) -> dict:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": url_base_datos,
        "CACHE_URL": "",
        "SECRET_KEY": "solo-para-medir-en-la-propia-maquina-0123456789-abcdefghij",
        "CLAVE_DOCUMENTOS": "otra-solo-para-medir-en-la-propia-maquina-0123456789",
        "ALLOWED_HOSTS": "localhost,testserver",
        "EMAIL_URL": "smtp://localhost:25",
        "HTTPS": "False",
        "WEB_CONCURRENCY": "2",
    }


def manage(ambiente, *argumentos) -> str:
    orden = [sys.executable, "manage.py", *argumentos]
    return subprocess.run(orden, cwd=RAIZ, env=ambiente, check=True, stdout=subprocess.PIPE, text=True).stdout


def servir(ambiente, puerto):
    servidor = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{puerto}", "--log-level", "warning", "plataforma.wsgi"],
        cwd=RAIZ, env=ambiente,
    )  # fmt: skip
    limite = time.monotonic() + 60
    while time.monotonic() < limite and servidor.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{puerto}/salud/", timeout=5):
                return servidor
        except OSError:
            time.sleep(0.3)
    servidor.terminate()
    raise RuntimeError("gunicorn no respondió")


def hijos(pid: int) -> list[int]:
    return [int(hijo) for hijo in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_ms(pids: list[int]) -> float:
    """Milisegundos de CPU gastados por esos procesos desde que nacieron."""
    tics = 0
    for pid in pids:
        # El nombre va entre paréntesis y puede llevar espacios: se corta tras el último.
        campos = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        tics += int(campos[11]) + int(campos[12])
    return 1000 * tics / TICS


def milisegundos(texto: str) -> float:
    numero, unidad = re.fullmatch(r"([\d.]+)(us|ms|s)", texto).groups()
    return float(numero) * {"us": 0.001, "ms": 1, "s": 1000}[unidad]


def cargar(url: str, cookie: str, pids: list[int], segundos: int) -> Medida:
    orden = ["wrk", "-t1", f"-c{CONEXIONES}", f"-d{segundos}s", "--latency", "--timeout", "10s"]
    if cookie:
        orden += ["-H", f"Cookie: {cookie}"]
    antes = cpu_ms(pids)
    salida = subprocess.run([*orden, url], check=True, capture_output=True, text=True).stdout
    gastado = cpu_ms(pids) - antes
    leido = re.search(
        r"^ +50% +(\S+).*^ +99% +(\S+).* (\d+) requests in .*^Requests/sec: +([\d.]+)$", salida, re.M | re.S
    )
    if leido is None or "Non-2xx" in salida or "Socket errors" in salida:
        raise RuntimeError(f"{url} no respondió bien bajo carga:\n{salida}")
    p50, p99, peticiones, por_segundo = leido.groups()
    return Medida(float(por_segundo), milisegundos(p50), milisegundos(p99), gastado / int(peticiones))


def comprobar(base, siembra):
    """Antes de medir: que cada página es la que se cree, con su contenido."""
    esperado = {"vacía": "<title>Vacía</title>", "inicio": "</footer>", "lista": "</form>", "detalle": siembra["detalle"]}
    for nombre, ruta in siembra["direcciones"].items():
        for cookie in ("", siembra["cookie"]):
            peticion = urllib.request.Request(base + ruta, headers={"Cookie": cookie} if cookie else {})
            with urllib.request.urlopen(peticion, timeout=30) as respuesta:
                cuerpo = respuesta.read().decode()
            if esperado[nombre].strip() not in cuerpo:
                raise RuntimeError(f"{ruta} no muestra lo esperado ({esperado[nombre]})")
            if cookie and nombre != "vacía" and "/cuenta/logout/" not in cuerpo:
                raise RuntimeError(f"{ruta} no reconoce la sesión")


def medir(base, siembra, pids) -> dict:
    """Rondas intercaladas: un rato lento de la máquina los toca a todos por igual."""
    casos = [(n, ruta, c) for c in ("", siembra["cookie"]) for n, ruta in siembra["direcciones"].items()]
    for _nombre, ruta, cookie in casos:
        cargar(base + ruta, cookie, pids, 2)
    medidas = {(nombre, bool(cookie)): [] for nombre, _ruta, cookie in casos}
    for ronda in range(RONDAS):
        print(f"ronda {ronda + 1} de {RONDAS}…", flush=True)
        for nombre, ruta, cookie in casos:
            medidas[nombre, bool(cookie)].append(cargar(base + ruta, cookie, pids, SEGUNDOS))
    return medidas


def medir_orden(orden: str) -> tuple[dict, str]:
    """Las cifras que imprime en JSON una orden sobre una base nueva de PostgreSQL, y cómo es la máquina.

    Lanza SinPostgres si no está instalado.
    """
    with PostgresTemporal() as postgres:
        ambiente = entorno(postgres.crear_base("medicion"))
        manage(ambiente, "preparar", "--verbosity", "0")
        cifras = json.loads(manage(ambiente, orden).splitlines()[-1])
        version = postgres.consultar("medicion", "SHOW server_version").split()[0]
    return cifras, maquina(version).partition(";")[0]


def informar(medidas) -> tuple[list[str], float]:
    """La tabla, y la menor proporción frente a la página vacía."""
    lineas = [
        "| Página | Sesión | Peticiones/s | p50 ms | p99 ms | CPU ms/petición | Frente a la vacía |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    menor = float("inf")
    for (nombre, con_sesion), rondas in medidas.items():
        vacias = medidas["vacía", con_sesion]
        razon = median(m.por_segundo / v.por_segundo for m, v in zip(rondas, vacias, strict=True))
        if nombre != "vacía":
            menor = min(menor, razon)
        valores = [median(getattr(m, campo) for m in rondas) for campo in ("por_segundo", "p50", "p99", "cpu")]
        cifras = "{:.0f} | {:.1f} | {:.1f} | {:.2f}".format(*valores)
        lineas.append(f"| {nombre} | {'sí' if con_sesion else 'no'} | {cifras} | {razon:.2f} |")
    return lineas, menor


def maquina(version_postgres: str) -> str:
    modelo = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return (
        f"{modelo[1].strip() if modelo else platform.machine()}, {os.cpu_count()} núcleos, "
        f"Python {platform.python_version()}, PostgreSQL {version_postgres}; gunicorn con 2 procesos gthread de "
        f"4 hilos; wrk con {CONEXIONES} conexiones, mediana de {RONDAS} rondas intercaladas de {SEGUNDOS} s."
    )


def anotar(lineas, descripcion):
    if not INFORME.exists():
        INFORME.write_text("# Medidas\n\nCada corrida de `make bench`, la más nueva al final.\n")
    with INFORME.open("a") as informe:
        informe.write(f"\n## {datetime.now():%Y-%m-%d %H:%M}\n\n{descripcion}\n\n" + "\n".join(lineas) + "\n")


def medir_puertas(ambiente) -> tuple[list[str], bool]:
    """Otro servidor igual, que entrega los correos de verdad."""
    print("Midiendo las puertas…", flush=True)
    with puertas.buzon() as puerto_correo:
        puerto = puerto_libre()
        servidor = servir({**ambiente, "PUERTO_SMTP": str(puerto_correo)}, puerto)
        try:
            return puertas.medir(f"http://localhost:{puerto}")
        finally:
            servidor.terminate()
            servidor.wait()


def main() -> int:
    if not shutil.which("wrk"):
        print("Falta «wrk» (apt-get install wrk): sin él no se puede medir.")
        return 1
    try:
        postgres = PostgresTemporal()
    except SinPostgres as motivo:
        print(f"Falta PostgreSQL: {motivo}. Sin él no se puede medir.")
        return 1
    with postgres:
        ambiente = entorno(postgres.crear_base("medicion"))
        print("Preparando la base y cargando las propuestas reales…", flush=True)
        manage(ambiente, "preparar", "--verbosity", "0")
        siembra = json.loads(manage(ambiente, "sembrar_medicion").splitlines()[-1])
        version = postgres.consultar("medicion", "VACUUM ANALYZE", "SHOW server_version").split()[0]
        puerto = puerto_libre()
        servidor = servir(ambiente, puerto)
        try:
            base = f"http://localhost:{puerto}"
            comprobar(base, siembra)
            medidas = medir(base, siembra, hijos(servidor.pid))
        finally:
            servidor.terminate()
            servidor.wait()
        lineas_puertas, parejas = medir_puertas(ambiente)
        lineas_padron, padron_cumple = padron.medir(manage, ambiente)
    lineas, menor = informar(medidas)
    lineas += ["", f"Puertas, mediana de {puertas.VECES}: con un correo que tiene cuenta y con uno que no.", "", *lineas_puertas]
    lineas += ["", "Un padrón, de la petición web a quedar vigente.", "", *lineas_padron]
    print("\n".join(lineas))
    anotar(lineas, maquina(version))
    print(f"Menor proporción frente a la vacía: {menor:.2f} (meta: {META})")
    if not parejas:
        print("Alguna puerta delata por lo que tarda si un correo tiene cuenta.")
    if not padron_cumple:
        print(f"El padrón pasa de {padron.META_SEGUNDOS} s o de {padron.META_MB} MB.")
    return 0 if menor >= META and parejas and padron_cumple else 1


if __name__ == "__main__":
    sys.exit(main())
