"""Mide los resultados y la exportación de una encuesta de 100.000 respuestas por 20 preguntas, en PostgreSQL.

Añade el resultado a `docs/medidas.md`. Sale con error si alguna meta no se cumple.
"""

import sys

from scripts.postgres import SinPostgres

from .medir import anotar, medir_orden

# Cifra → (cómo se dice, meta, si es un máximo).
METAS = {
    "pagina_ms": ("Página de resultados, ms", 300, True),
    "cruce_ms": ("El cruce más lento de una pregunta, ms", 500, True),
    "csv_por_segundo": ("CSV, respuestas por segundo", 5_000, False),
    "csv_memoria_mib": ("CSV, memoria que crece, MiB", 50, True),
}
OTRAS = {
    "vacia_ms": "Página vacía, ms",
    "pagina_con_cruce_ms": "Página de resultados con un cruce, ms",
    "xlsx_segundos": "XLSX, segundos",
    "xlsx_mib": "XLSX, MiB",
}


def informar(cifras: dict) -> tuple[list[str], bool]:
    """La tabla y si todas las metas se cumplen."""
    lineas = ["| Encuesta de 100.000 × 20 | Medida | Meta |", "|---|---:|---:|"]
    cumple = True
    for clave, (nombre, meta, es_maximo) in METAS.items():
        cumple &= cifras[clave] <= meta if es_maximo else cifras[clave] >= meta
        lineas.append(f"| {nombre} | {cifras[clave]:.0f} | {'≤' if es_maximo else '≥'} {meta} |")
    lineas += [f"| {nombre} | {cifras[clave]:.0f} | |" for clave, nombre in OTRAS.items()]
    lineas.append(f"| Página de resultados ÷ página vacía | {cifras['pagina_ms'] / cifras['vacia_ms']:.1f} | |")
    return lineas, cumple


def main() -> int:
    print("Sembrando 100.000 respuestas y midiendo…", flush=True)
    try:
        cifras, donde = medir_orden("medir_encuestas")
    except SinPostgres as motivo:
        print(f"Falta PostgreSQL: {motivo}. Sin él no se puede medir.")
        return 1
    lineas, cumple = informar(cifras)
    print("\n".join(lineas))
    anotar(lineas, f"{donde}; un proceso, sin caché de página, mediana de 9.")
    return 0 if cumple else 1


if __name__ == "__main__":
    sys.exit(main())
