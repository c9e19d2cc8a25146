"""Cuánto tarda un padrón de 200.000 documentos en subir y cargar, y cuánta memoria pide de más que uno diez veces menor."""

import json

META_SEGUNDOS, META_MB = 60, 32


def medir(manage, ambiente) -> tuple[list[str], bool]:
    """La tabla y si cumple. `manage(ambiente, orden)`: corre una orden y devuelve lo que escribió."""
    print("Midiendo el padrón…", flush=True)
    # La medida entra como personal sin pasar por la puerta.
    salida = manage({**ambiente, "SEGUNDO_FACTOR_PERSONAL": "False"}, "medir_padron")
    medida = json.loads(salida.splitlines()[-1])
    total = medida["subir"] + medida["cargar"]
    lineas = [
        "| Documentos | Subir y leer s | Cargar s | Total s | Memoria de más MB |",
        "|---:|---:|---:|---:|---:|",
        f"| {medida['documentos']} | {medida['subir']:.1f} | {medida['cargar']:.1f} | {total:.1f} | {medida['crece_mb']:.0f} |",
    ]
    return lineas, total <= META_SEGUNDOS and medida["crece_mb"] <= META_MB
