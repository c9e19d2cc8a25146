"""Lo que la página de una encuesta dice a quien llega: cómo se responde, cuánto toma y qué puede hacer ahora."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.marco import guardado
from participacion.ejercicios.enums import Fase
from participacion.formularios import presentacion
from participacion.formularios.definicion import Formulario
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.forms import PaginaForm
from participacion.formularios.models import Respuesta, VersionFormulario

from .codigos import codigo_de
from .enums import Modo, PoliticaResultados
from .models import Encuesta, EncuestaPage, Participacion
from .resultados.rules import son_publicos


def formulario_en(version: VersionFormulario) -> Formulario:
    """El de esa versión, en el idioma de quien mira."""
    idioma = get_language()
    return version.formulario("" if idioma == settings.LANGUAGE_CODE else idioma)


def como_se_responde(reglas) -> str:
    """El modo, en palabras de quien responde. `reglas`: una encuesta o su página."""
    if reglas.modo == Modo.ANONIMA:
        return _("Anónima: no controlamos quién responde y no se lo preguntamos.")
    if reglas.secreta:
        return _("Secreta: sabemos que usted respondió, no qué respondió. No se podrá corregir.")
    if reglas.modo == Modo.CODIGO:
        return _("Con un código de un solo uso. No le pedimos su nombre.")
    return _("Con su cuenta, una respuesta por persona. El equipo que la analiza puede saber cuál es la suya.")


def _accion(texto: str, nombre: str, *args, principal: bool = True) -> dict:
    return {"texto": texto, "url": reverse(f"encuestas:{nombre}", args=args), "principal": principal}


def propia(request: HttpRequest, encuesta: Encuesta) -> Respuesta | None:
    """La de su cuenta o su código. Las anónimas no se buscan: en un equipo compartido serían de otra persona."""
    vivas = Respuesta.objects.filter(ejercicio=encuesta.ejercicio_id).exclude(estado=EstadoRespuesta.ANULADA)
    if encuesta.modo == Modo.CUENTA and request.user.is_authenticated:
        return vivas.filter(participante__cuenta=request.user).first()
    if encuesta.modo == Modo.CODIGO and (codigo := codigo_de(request, encuesta.ejercicio)):
        return vivas.filter(codigo=codigo).first()
    return None


def ya_participo(request: HttpRequest, encuesta: Encuesta) -> bool:
    """Si con esta cuenta o este código ya se respondió una encuesta secreta."""
    if encuesta.modo == Modo.CODIGO:
        codigo = codigo_de(request, encuesta.ejercicio)
        return codigo is not None and codigo.usado_el is not None
    suyas = Participacion.objects.filter(ejercicio=encuesta.ejercicio)
    return request.user.is_authenticated and suyas.filter(participante__cuenta=request.user).exists()


def acciones(request: HttpRequest, encuesta: Encuesta) -> list[dict]:
    """Los botones de quien mira, el principal primero; vacía si no puede hacer nada."""
    ejercicio = encuesta.ejercicio
    abierta = ejercicio.fase == Fase.ABIERTA
    responder = _accion(_("Responder"), "responder", ejercicio.pk)
    if encuesta.secreta:
        if ya_participo(request, encuesta):
            return [_accion(_("Ver mi constancia"), "recibida", ejercicio.pk, principal=False)]
        return [responder] if abierta else []
    respuesta = propia(request, encuesta)
    if respuesta is None:
        return [responder] if abierta else []
    if respuesta.estado == EstadoRespuesta.PARCIAL:
        return [responder | {"texto": _("Continuar")}] if abierta else []
    recibo = _accion(_("Ver mi recibo"), "recibo", ejercicio.pk, respuesta.clave, principal=False)
    if abierta and encuesta.permite_editar:
        return [_accion(_("Corregir mi respuesta"), "pagina", ejercicio.pk, respuesta.clave, 1), recibo]
    return [recibo]


def contexto(request: HttpRequest, pagina: EncuestaPage) -> dict:
    """Lo que `encuesta_page.html` necesita además de la página. En la vista previa, el formulario como va."""
    if getattr(request, "is_preview", False):
        formulario = pagina.construir_formulario()
        return {
            "como_se_responde": como_se_responde(pagina),
            "minutos": presentacion.minutos(formulario),
            "vista_previa": vista_previa(formulario),
        }
    encuesta = Encuesta.objects.select_related("ejercicio").filter(ejercicio=pagina.ejercicio).first()
    version = encuesta and VersionFormulario.objects.vigente(encuesta.ejercicio)
    if not version:
        return {"como_se_responde": como_se_responde(pagina)}
    return {
        "como_se_responde": como_se_responde(encuesta),
        "minutos": guardado(f"minutos-encuesta:{version.pk}", lambda: presentacion.minutos(version.formulario())),
        "acciones": acciones(request, encuesta),
        "hay_resultados": son_publicos(encuesta),
    }


def de_los_resultados(encuesta: Encuesta) -> dict:
    """Lo que el recibo dice de los resultados: que ya se ven, o cuándo se verán."""
    publicos = son_publicos(encuesta)
    al_cierre = encuesta.resultados == PoliticaResultados.AL_CIERRE and not publicos
    return {"encuesta": encuesta, "hay_resultados": publicos, "resultados_al_cierre": al_cierre}


def vista_previa(formulario: Formulario) -> list[PaginaForm]:
    """Todas las páginas con todas sus preguntas, también las que dependen de otras."""
    formularios = []
    for pagina in formulario.paginas:
        form = PaginaForm(formulario=formulario, pagina=pagina, valores={}, semilla="")
        form.visibles = {elemento.clave for elemento in pagina.elementos}
        formularios.append(form)
    return formularios
