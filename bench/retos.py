"""Mide la lista y el detalle de un reto de 10.000 propuestas y 100.000 apoyos frente a uno de cien, en PostgreSQL.

Añade el resultado a `docs/medidas.md`. Sale con error si lo grande cuesta más de vez y media lo pequeño.
"""

import sys

from scripts.postgres import SinPostgres

from .medir import anotar, medir_orden

META = 1.5
# Las que la meta nombra; las demás se informan.
CON_META = ("lista", "lista por apoyos", "segunda página", "detalle", "reto")


def informar(cifras: dict) -> tuple[list[str], bool]:
    """La tabla y si la meta se cumple."""
    lineas = ["| Página | Sesión | Cien, ms | Diez mil, ms | Razón | Meta |", "|---|---|---:|---:|---:|---:|"]
    cumple = True
    for clave, tiempos in cifras.items():
        pagina, sesion = clave.split("|")
        razon = tiempos["grande"] / tiempos["pequeno"]
        cumple &= razon <= META or pagina not in CON_META
        meta = f"≤ {META}" if pagina in CON_META else ""
        lineas.append(f"| {pagina} | {sesion} | {tiempos['pequeno']:.1f} | {tiempos['grande']:.1f} | {razon:.2f} | {meta} |")
    return lineas, cumple


def main() -> int:
    print("Sembrando 10.000 propuestas y 100.000 apoyos, y midiendo…", flush=True)
    try:
        cifras, donde = medir_orden("medir_retos")
    except SinPostgres as motivo:
        print(f"Falta PostgreSQL: {motivo}. Sin él no se puede medir.")
        return 1
    lineas, cumple = informar(cifras)
    print("\n".join(lineas))
    anotar(lineas, f"{donde}; un proceso, mediana de 31 vueltas alternadas.")
    return 0 if cumple else 1


if __name__ == "__main__":
    sys.exit(main())
