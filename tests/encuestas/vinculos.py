"""Un adversario con toda la base de datos: intenta decir de quién es cada respuesta secreta.

Toma lo que la base sabe de cada persona (todas las filas que apuntan a ella) y de cada respuesta, cada columna con las que
la base de datos lleva por su cuenta (`xmin`, `ctid`, `rowid`), y prueba a casarlas: por valores iguales y por el mismo orden.
"""

import re

from django.contrib.sessions.models import Session
from django.db import connection

_FISICAS = {"postgresql": ["xmin", "ctid", "tableoid"], "sqlite": ["rowid"]}


def _filas(tabla, donde="", argumentos=()):
    """Cada fila como {columna: valor}, con lo que la base lleva por su cuenta. En el orden en que están guardadas."""
    nombre = connection.ops.quote_name(tabla)
    fisicas = "".join(f', {nombre}.{f}{"::text" if connection.vendor == "postgresql" else ""} AS "fisica_{f}"'
                      for f in _FISICAS[connection.vendor])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT *{fisicas} FROM {nombre} {donde}", argumentos)  # noqa: S608
        columnas = [columna[0] for columna in cursor.description]
        return [dict(zip(columnas, fila, strict=True)) for fila in cursor.fetchall()]


def _llaves(tabla):
    with connection.cursor() as cursor:
        return connection.introspection.get_relations(cursor, tabla)


def tablas():
    return [tabla for tabla in connection.introspection.table_names() if "_fts" not in tabla and "index_entry" not in tabla]


def _forma(valor):
    """Como se comparan dos columnas de tipos distintos. Los números llevan ceros delante para que ordenen."""
    if valor is None or valor == "":
        return None
    texto = valor.isoformat() if hasattr(valor, "isoformat") else str(valor).replace("-", "")
    return re.sub(r"\d+", lambda hallado: hallado[0].zfill(20), texto) if re.fullmatch(r"[\d(),]+", texto) else texto


def rasgos_de_personas(personas):
    """{(tabla, columna): [valor por persona]}. `personas`: de cada una, {tabla: id} de las filas que son suyas."""
    rasgos = {}
    for tabla in tablas():
        apuntan = {columna: destino for columna, (_c, destino) in _llaves(tabla).items()} | {"id": tabla}
        filas = _filas(tabla)
        columnas = [columna for columna in (filas[0] if filas else {}) if apuntan.get(columna) in personas[0]]
        if "participante" in (filas[0] if filas else {}):
            columnas.append("participante")
        for llave in columnas:
            destino = apuntan.get(llave, "clave")
            suyas = {}
            for fila in filas:
                suyas.setdefault(_forma(fila[llave]), fila)
            halladas = [suyas.get(_forma(persona.get(destino)), {}) for persona in personas]
            for columna in filas[0]:
                valores = [_forma(fila.get(columna)) for fila in halladas]
                if any(valores):
                    rasgos[(tabla, llave, columna)] = valores
    return rasgos


def rasgos_de_respuestas(ejercicio_id, dueno):
    """{columna: [valor por respuesta]} en el orden real de las personas: `dueno` da de quién es un texto contestado."""
    por_persona = {}
    for respuesta in _filas("formularios_respuesta", "WHERE ejercicio_id = %s", [ejercicio_id]):
        valores = _filas("formularios_valor", "WHERE respuesta_id = %s", [respuesta["id"]])
        texto = next(fila for fila in valores if fila["texto"])
        ajenas = ("id", "respuesta_id", "fisica_xmin", "fisica_ctid", "fisica_rowid")
        extra = {f"valor.{columna}": texto[columna] for columna in ajenas if columna in texto}
        por_persona[dueno(texto["texto"])] = respuesta | extra
    columnas = por_persona[0].keys()
    return {c: [_forma(por_persona[k][c]) for k in sorted(por_persona)] for c in columnas}


def _orden(valores):
    return [sorted(valores).index(valor) for valor in valores]


def vinculos(personas, respuestas):
    """Los pares de columnas que aciertan más que el azar, con cuántos aciertos se espera de cada uno.

    Por igualdad, a cada persona se le adjudica al azar una de las respuestas con su mismo valor: sin información se
    acierta una. Por orden, una columna sin repetidos se casa puesto a puesto: también se acierta una, y once o más de
    una permutación al azar tiene probabilidad menor que 1/11!.
    """
    hallados = {}
    for columna, suyos in respuestas.items():
        unica = len(set(suyos)) == len(suyos) and None not in suyos
        tope = 10 if unica else 1.001
        for nombre, de_persona in personas.items():
            aciertos = sum(
                1 / suyos.count(valor) for valor, suyo in zip(de_persona, suyos, strict=True) if valor and valor == suyo
            )
            if unica and None not in de_persona and len(set(de_persona)) == len(de_persona):
                iguales = zip(_orden(de_persona), _orden(suyos), strict=True)
                aciertos = max(aciertos, sum(uno == otro for uno, otro in iguales))
            if aciertos > tope:
                hallados[(nombre, columna)] = aciertos
    return hallados


def donde_aparece(textos):
    """Las tablas donde se lee alguno de estos textos, también dentro de las sesiones y de lo binario."""
    halladas = set()
    for tabla in tablas():
        for fila in _filas(tabla):
            for valor in fila.values():
                crudo = bytes(valor).decode("latin-1") if isinstance(valor, bytes | memoryview) else str(valor)
                if any(texto in crudo for texto in textos):
                    halladas.add(tabla)
    for sesion in Session.objects.all():
        if any(texto in str(sesion.get_decoded()) for texto in textos):
            halladas.add("django_session (por dentro)")
    return halladas
