"""Lo que la gente responde en la encuesta de línea base y en su seguimiento, y la medida que sale de las dos."""

import random
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from cuentas.enums import Zona
from cuentas.models import Organizacion, Participante
from encuestas import conteos
from encuestas.analisis.medidas import calcular, guardar_medida
from encuestas.enums import ACTO_RESPUESTA, SERIE, CalculoMedida
from encuestas.models import MedidaEncuesta
from encuestas.resultados.consulta import ResultadoPregunta, resultados
from participacion.ejercicios.actions import leer_reglas, numerar_bloque
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.actions import catalogo_de, exigir_completa, rasgos_de
from participacion.formularios.condiciones import Valores
from participacion.formularios.definicion import Formulario, Pregunta
from participacion.formularios.enums import ESCALAS, EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta, Valor, VersionFormulario
from participacion.formularios.valores import a_filas
from participacion.registro.actions import registrar_acto

from .paginas import Paginas, leer
from .personas import Personas

T = TipoPregunta
CONTESTA = 0.92  # qué parte de las personas responde cada vez
Quien = tuple[Participante, Organizacion | None]


def cargar(personas: Personas, paginas: Paginas) -> None:
    """Responde la línea base, la cierra, abre el seguimiento, lo responde y publica la medida que los compara."""
    contenido = leer("encuestas")
    azar = random.Random(2026)
    base = paginas.ejercicio("linea_base")
    _responder(base, _quienes(personas), contenido["frecuencias"]["linea_base"], azar)
    _reglas, ahora = leer_reglas(base.pk)
    paginas.publicar("linea_base", cierre=ahora)
    paginas.publicar("seguimiento", apertura=ahora, cierre=paginas.momento(contenido["seguimiento"]["cierra"]))
    seguimiento = paginas.ejercicio("seguimiento")
    # La ciudadana de la demostración no lo ha respondido: quien entre con su cuenta puede hacerlo.
    responden = [quien for quien in _quienes(personas) if quien[0] != personas.ciudadana]
    _responder(seguimiento, responden, contenido["frecuencias"]["seguimiento"], azar)
    _publicar_medida(contenido["medida"], base, seguimiento, personas)


def _quienes(personas: Personas) -> list[Quien]:
    """Cada organización responde por quien la representa; los demás, en su nombre."""
    por_organizacion = [(quien, organizacion) for organizacion, quien in personas.organizaciones.values()]
    representan = {quien.pk for quien, _organizacion in por_organizacion}
    vecinos = [personas.ciudadana, *personas.vecinos, *personas.habitantes]
    return por_organizacion + [(vecino, None) for vecino in vecinos if vecino.pk not in representan]


def _responder(ejercicio: Ejercicio, quienes: list[Quien], frecuencias: list, azar: random.Random) -> None:
    """Lo que escribe `enviar_respuesta`, con las mismas funciones y en tandas: una por una tardaría medio minuto."""
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    version = VersionFormulario.objects.vigente(ejercicio)
    formulario, catalogo = version.formulario(), catalogo_de(ejercicio)
    responden = [(quien, organizacion) for quien, organizacion in quienes if organizacion or azar.random() < CONTESTA]
    referencias = numerar_bloque(sitio=ejercicio.sitio, serie=SERIE, ahora=ahora, cantidad=len(responden))
    respuestas = Respuesta.objects.bulk_create(
        Respuesta(
            clave=uuid5(NAMESPACE_URL, f"{ejercicio.titulo}/{quien.pk}"),
            ejercicio=ejercicio,
            version=version,
            participante=quien,
            organizacion=organizacion,
            estado=EstadoRespuesta.ENVIADA,
            referencia=referencia,
            idioma="es",
            enviada_en=ahora,
            **rasgos_de(quien, organizacion),
        )
        for (quien, organizacion), referencia in zip(responden, referencias, strict=True)
    )
    contestadas = []
    for respuesta in respuestas:
        valores = exigir_completa(formulario, _contestar(formulario, frecuencias, respuesta.zona, azar))
        contestadas.append((respuesta, a_filas(respuesta, formulario, valores, catalogo), 1))
    Valor.objects.bulk_create(fila for _respuesta, filas, _signo in contestadas for fila in filas)
    conteos.cambiar(contestadas)
    for respuesta in respuestas:
        registrar_acto(
            tipo=ACTO_RESPUESTA,
            ejercicio=ejercicio,
            objeto=respuesta,
            participante=respuesta.participante,
            organizacion=respuesta.organizacion,
            ocurrido_en=ahora,
        )


def _contestar(formulario: Formulario, frecuencias: list, zona: str, azar: random.Random) -> Valores:
    """Una respuesta a todo, también a lo que no se verá: enviarla descarta lo oculto."""
    preguntas = formulario.preguntas.items()
    valores = {
        clave: _elegir(pregunta, pesos, zona, azar)
        for (clave, pregunta), pesos in zip(preguntas, frecuencias, strict=True)
    }
    return {clave: valor for clave, valor in valores.items() if valor is not None}


def _elegir(pregunta: Pregunta, pesos, zona: str, azar: random.Random):
    claves = [opcion.clave for opcion in pregunta.opciones]
    match pregunta.tipo:
        case T.UNICA:
            return {"opcion": azar.choices(claves, pesos)[0], "otra": ""}
        case T.MULTIPLE:
            marcadas = [opcion for opcion, parte in zip(pregunta.opciones, pesos, strict=True) if azar.random() < parte]
            otra = leer("encuestas")["abiertas"]["otra"] if any(opcion.abierta for opcion in marcadas) else ""
            return {"opciones": [opcion.clave for opcion in marcadas], "otra": otra}
        case T.MATRIZ:
            filas = zip(pregunta.filas, pesos, strict=True)
            return {fila.clave: azar.choices(claves, suyos)[0] for fila, suyos in filas}
        case T.ORDENAMIENTO:
            # Quien pesa más suele quedar antes (Efraimidis y Spirakis, 2006).
            orden = sorted(zip(claves, pesos, strict=True), key=lambda par: azar.random() ** (1 / par[1]), reverse=True)
            return [clave for clave, _peso in orden]
        case T.SI_NO:
            return azar.choices([True, False], pesos)[0]
        case T.ESCALA:
            desde, hasta, _rotulos = ESCALAS[pregunta.escala]
            # A la zona rural le llega peor el servicio: el cruce por área tiene algo que mostrar.
            intentos = azar.choices(range(desde, hasta + 1), pesos, k=2)
            return min(intentos) if zona == Zona.RURAL else intentos[0]
        case T.TEXTO_LARGO:
            return azar.choice(leer("encuestas")["abiertas"]["textos"]) if azar.random() < pesos else None
    raise ValueError(f"La demostración no sabe contestar «{pregunta.tipo}»")


def _publicar_medida(datos: dict, base: Ejercicio, seguimiento: Ejercicio, personas: Personas) -> None:
    clave = list(VersionFormulario.objects.vigente(base).formulario().preguntas)[datos["pregunta"]]

    def resultado(ejercicio: Ejercicio) -> ResultadoPregunta:
        return resultados(ejercicio.encuesta).por_clave()[clave]

    medida = MedidaEncuesta(
        ejercicio=seguimiento,
        pregunta=seguimiento.preguntas.get(clave=clave),
        nombre=datos["nombre"],
        calculo=CalculoMedida.FAVORABLES,
        meta=datos["meta"],
    )
    medida.linea_base = Decimal(str(calcular(medida, resultado(base))))
    guardar_medida(medida=medida, resultado=resultado(seguimiento), actor=personas.editor)
