"""Lo que impide publicar una encuesta que ya se usa, y los cupos que la página declara."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participacion.ejercicios.models import Ejercicio
from participacion.formularios.definicion import Formulario
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import Opcion, VersionFormulario
from participacion.registro.models import Acto

from .enums import ACTO_RESPUESTA_SECRETA, Modo
from .models import Conteo, Cupo, EncuestaPage

# Sólo de éstas se elige una opción que se pueda limitar; una escala o un «sí» son un número.
CON_CUPO = {TipoPregunta.UNICA, TipoPregunta.MULTIPLE, TipoPregunta.DESPLEGABLE, TipoPregunta.LUGAR}


def errores_en_uso(pagina: EncuestaPage, ejercicio: Ejercicio) -> dict[str, str]:
    """Lo que una encuesta con respuestas ya no puede cambiar, por campo. Se repite al publicar, tras el candado."""
    errores = {}
    encuesta = getattr(ejercicio, "encuesta", None)
    if encuesta is None:
        return errores
    if (encuesta.modo, encuesta.secreta) != (pagina.modo, pagina.secreta) and ejercicio.en_uso():
        errores["modo"] = _("Ya hay respuestas: el modo y el secreto no se cambian. Haga una copia de la encuesta.")
    if encuesta.secreta and ejercicio.actos.filter(tipo=ACTO_RESPUESTA_SECRETA).exists():
        vigente = VersionFormulario.objects.vigente(ejercicio)
        if vigente and vigente.huella != pagina.construir_formulario().huella:
            errores["formulario"] = _("Ya hay respuestas secretas: cambiar las preguntas diría quién respondió antes.")
    if bajo := [cupo for cupo in cupos_de(pagina) if cupo["limite"] < usados_en(ejercicio, **_grupo(cupo))]:
        usados = usados_en(ejercicio, **_grupo(bajo[0]))
        errores["cupos"] = ngettext(
            "Un cupo no puede bajar de lo que ya se recibió: %(usados)s respuesta.",
            "Un cupo no puede bajar de lo que ya se recibió: %(usados)s respuestas.",
            usados,
        ) % {"usados": usados}
    return errores


def errores_de_cupos(pagina: EncuestaPage, formulario: Formulario) -> str:
    """Lo que está mal en los cupos de la página, con palabras; vacío si nada."""
    vistos = set()
    for puesto, cupo in enumerate(cupos_de(pagina), 1):
        pregunta = formulario.preguntas.get(cupo["pregunta"])
        falta = ""
        if (cupo["pregunta"] or cupo["opcion"]) and (pregunta is None or pregunta.tipo not in CON_CUPO):
            falta = _("elija una pregunta de opciones de esta encuesta")
        elif pregunta and cupo["opcion"] not in pregunta.por_opcion:
            falta = _("elija una de las respuestas de esa pregunta")
        elif pregunta and pagina.secreta:
            falta = _("en una encuesta secreta sólo se limita por tipo de actor: lo demás diría qué se contestó")
        elif cupo["actor_tipo"] and pagina.modo != Modo.CUENTA:
            falta = _("sólo con cuenta se sabe el tipo de actor")
        elif (cupo["actor_tipo"], cupo["opcion"]) in vistos:
            falta = _("repite el grupo de otro")
        vistos.add((cupo["actor_tipo"], cupo["opcion"]))
        if falta:
            return _("Cupo %(puesto)s: %(falta)s.") % {"puesto": puesto, "falta": falta}
    return ""


def cupos_de(pagina: EncuestaPage) -> list[dict]:
    """Los que declara la página: actor_tipo, pregunta y opcion (claves, o vacías), limite y mensaje."""
    campos = {"actor_tipo": "actor_tipo", "pregunta": "pregunta", "opcion": "valor", "mensaje": "mensaje"}
    return [
        {campo: bloque.value[suyo] or "" for campo, suyo in campos.items()} | {"limite": bloque.value["limite"] or 0}
        for bloque in pagina.cupos
    ]


def _grupo(cupo: dict) -> dict:
    return {campo: cupo[campo] for campo in ("actor_tipo", "pregunta", "opcion")}


def usados_en(ejercicio: Ejercicio, *, actor_tipo: str, pregunta: str, opcion: str) -> int:
    """Cuántas respuestas en pie son de ese grupo: de sus conteos o, en una secreta, de sus actos."""
    if ejercicio.encuesta.secreta:
        actos = Acto.objects.filter(ejercicio=ejercicio, tipo=ACTO_RESPUESTA_SECRETA)
        return (actos.filter(actor_tipo=actor_tipo) if actor_tipo else actos).count()
    casilla = ""
    if opcion:
        fila = Opcion.objects.filter(pregunta__ejercicio=ejercicio, pregunta__clave=pregunta, clave=opcion).first()
        if fila is None:
            return 0
        casilla = f"o{fila.pk}"
    conteos = Conteo.objects.filter(ejercicio=ejercicio, pregunta=pregunta, casilla=casilla)
    if actor_tipo:
        conteos = conteos.filter(actor_tipo=actor_tipo)
    return sum(conteos.values_list("cantidad", flat=True))


def publicar_cupos(*, pagina: EncuestaPage, ejercicio: Ejercicio) -> None:
    """Deja los cupos como los declara la página; el que sigue conserva lo usado y el nuevo lo cuenta.

    Se llama dentro de la transacción que publica, con el ejercicio bloqueado y sus preguntas ya escritas.
    """
    opciones = {
        (opcion.pregunta.clave, opcion.clave): opcion
        for opcion in Opcion.objects.filter(pregunta__ejercicio=ejercicio, es_fila=False).select_related("pregunta")
    }
    quedan = []
    for declarado in cupos_de(pagina):
        opcion = opciones.get((declarado["pregunta"], declarado["opcion"]))
        valores = {"limite": declarado["limite"], "mensaje": declarado["mensaje"]}
        cupo, _nuevo = Cupo.objects.update_or_create(
            ejercicio=ejercicio,
            actor_tipo=declarado["actor_tipo"],
            opcion=opcion,
            defaults=valores,
            create_defaults={**valores, "usados": usados_en(ejercicio, **_grupo(declarado))},
        )
        quedan.append(cupo.pk)
    Cupo.objects.filter(ejercicio=ejercicio).exclude(pk__in=quedan).delete()
