from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cuentas import requisitos
from cuentas.actions import participante_de
from cuentas.models import Organizacion
from home import tablas
from home.marco import ajustes_de, direccion_de
from home.texto import limpiar_linea
from participacion.adjuntos import rescate
from participacion.apoyos import actions as apoyos
from participacion.apoyos.enums import ModoApoyo

from .. import fases
from ..acceso import con_reto, obtener_propuesta, servir_propuesta
from ..escritura import como_envio
from ..models import Propuesta
from . import archivos, avisos, informe
from .papeleta import Borrador, entero
from .presentacion import del_ejercicio, en_propuesta
from .rules import conteos_visibles, reglas_de

POR_PAGINA = 20
OTRAS = 10


@require_POST
def apoyar(request, pk):
    """Apoya, retira el apoyo o cambia si quiere avisos, según `accion`. Con HTMX devuelve sólo el recuadro."""
    propuesta = obtener_propuesta(request, pk)
    return servir_propuesta(request, propuesta, lambda: _apoyar(request, propuesta))


def _en_nombre_de(request, participante) -> Organizacion | None:
    """La organización que eligió; None si apoya en su propio nombre.

    Lanza ValidationError si no es ninguna de las que ha integrado: no se dice siquiera si existe.
    """
    elegida = request.POST.get("organizacion", "")
    if not elegida:
        return None
    suyas = Organizacion.objects.filter(membresias__participante=participante)
    organizacion = next((organizacion for organizacion in suyas if str(organizacion.pk) == elegida), None)
    if organizacion is None:
        raise ValidationError(_("No puede actuar en nombre de esa organización."), code="organizacion")
    return organizacion


def _hacer(request, propuesta, participante) -> None:
    accion = request.POST.get("accion")
    if accion == "retirar":
        apoyos.retirar_apoyo(objeto=propuesta, participante=participante)
    elif accion in ("avisar", "no_avisar"):
        apoyos.cambiar_avisos(objeto=propuesta, participante=participante, quiere=accion == "avisar")
    else:
        apoyos.apoyar(
            objeto=propuesta,
            participante=participante,
            organizacion=_en_nombre_de(request, participante),
            puntos=entero(request.POST.get("puntos", "")),
            quiere_avisos="quiere_avisos" in request.POST,
        )


def _apoyar(request, propuesta):
    if not request.user.is_authenticated:
        return redirect_to_login(propuesta.get_absolute_url())
    errores, faltan = [], []
    try:
        _hacer(request, propuesta, participante_de(request.user))
    except ValidationError as error:
        if getattr(error, "code", None) == "requisitos":
            faltan = error.params["requisitos"]
        else:
            errores = error.messages
    volver = propuesta.get_absolute_url() + "#apoyo"
    if request.htmx:
        propuesta.refresh_from_db(fields=["apoyos", "puntos"])
        contexto = {"propuesta": propuesta, "ejercicio": propuesta.ejercicio}
        contexto |= {"mensajes_apoyo": errores, "requisitos": faltan, "volver": volver, "escrito": request.POST.get("puntos", "")}
        return render(request, "retos/_apoyo.html", contexto | en_propuesta(request, propuesta))
    if faltan:
        contexto = {"propuesta": propuesta, "requisitos": faltan, "volver": volver}
        return render(request, "retos/apoyo_requisitos.html", contexto, status=422)
    for mensaje in errores:
        messages.error(request, mensaje)
    return redirect(volver)


# --- Mi voto: la papeleta de quien ordena o reparte puntos ---------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_reto
def mi_voto(request, reto, ejercicio):
    """Donde una persona ordena sus preferidas o reparte sus puntos. Los botones cambian el borrador; «Guardar» vota."""
    reglas = reglas_de(ejercicio)
    if reglas.modo == ModoApoyo.SIMPLE:
        raise Http404
    if not request.user.is_authenticated:
        entrada = rescate.a_ingresar(request)
        return HttpResponseClientRedirect(entrada.url) if request.htmx else entrada
    participante = participante_de(request.user)
    faltan, estado = [], 200
    if request.method == "POST":
        borrador = Borrador.de_peticion(reglas, request.POST)
        borrador.aplicar(request.POST)
        if "guardar" in request.POST:
            estado = 422
            if borrador.es_valido():
                try:
                    apoyos.votar(
                        modelo=Propuesta,
                        ejercicio=ejercicio,
                        participante=participante,
                        votos=borrador.votos,
                        base=borrador.base,
                    )
                    rescate.olvidar(request)
                    messages.success(request, _("Su voto quedó guardado."))
                    return redirect(request.path)
                except ValidationError as error:
                    codigo = getattr(error, "code", None)
                    if codigo == "requisitos":
                        faltan = error.params["requisitos"]
                    else:
                        borrador.errores += error.messages
                        if codigo == "cambio":
                            dados = apoyos.dados_por(participante, Propuesta, ejercicio.pk)
                            borrador.base = apoyos.resumen(reglas, dados)
    else:
        if rescatado := rescate.recuperar(request):
            borrador = Borrador.de_peticion(reglas, como_envio(rescatado))
        else:
            borrador = Borrador.de_guardado(reglas, apoyos.dados_por(participante, Propuesta, ejercicio.pk))
        faltan = requisitos.faltantes(participante, ajustes_de(request).site, ejercicio.nivel_minimo)
    return render(request, "retos/votos/mi_voto.html", _contexto_voto(request, reto, ejercicio, borrador, faltan), status=estado)


def _contexto_voto(request, reto, ejercicio, borrador, faltan) -> dict:
    ids = [renglon.pk for renglon in borrador.renglones]
    puestas = ejercicio.propuestas.publicas().filter(pk__in=ids).only(*informe.CAMPOS).in_bulk()
    renglones = [
        {"propuesta": puestas[renglon.pk], "renglon": renglon, "puesto": puesto, "vale": borrador.reglas.valor(puesto)}
        for puesto, renglon in enumerate((r for r in borrador.renglones if r.pk in puestas), 1)
    ]
    consulta = limpiar_linea(request.POST.get("q", ""))[:100]
    otras = ejercicio.propuestas.publicadas().exclude(pk__in=ids).con_palabras(consulta).recientes()
    return del_ejercicio(ejercicio) | {
        "reto": reto,
        "url_reto": direccion_de(request, reto),
        "borrador": borrador,
        "renglones": renglones,
        "otras": otras.only(*informe.CAMPOS)[:OTRAS],
        "consulta": consulta,
        "requisitos": faltan,
    }


# --- El reporte de votos por solución (Menú Participa 6.2.4.c) -------------------------------


def _si_se_pueden_decir(vista):
    """Mientras los conteos son secretos explica por qué y hasta cuándo, y los archivos no existen: para nadie."""

    @wraps(vista)
    def envoltura(request, reto, ejercicio, **kwargs):
        if conteos_visibles(ejercicio, timezone.now()):
            return vista(request, reto, ejercicio, **kwargs)
        if "archivo" in kwargs:
            raise Http404
        contexto = {"reto": reto, "url_reto": direccion_de(request, reto), "ejercicio": ejercicio}
        contexto["termina"] = fases.calendario_de(ejercicio).fases_de(fases.Accion.APOYAR)[-1].termina
        return render(request, "retos/votos/ocultos.html", contexto, status=403)

    return envoltura


@require_safe
@con_reto
@_si_se_pueden_decir
def votos(request, reto, ejercicio):
    """Cuántos apoyos tuvo cada propuesta, en tabla y gráfica, y los mismos datos para descargar."""
    comun = del_ejercicio(ejercicio)
    pagina = Paginator(informe.propuestas_de(ejercicio), POR_PAGINA).get_page(request.GET.get("page"))
    filas, totales = informe.filas_de(pagina.object_list), informe.totales_de(ejercicio)
    canales = [canal for canal in informe.CANALES if any(fila.canales[canal] for fila in filas)]
    mayor = totales.mayor_puntos if comun["con_papeleta"] else totales.mayor_apoyos
    return render(
        request,
        "retos/votos/votos.html",
        {
            "reto": reto,
            "url_reto": direccion_de(request, reto),
            "ejercicio": ejercicio,
            "pagina": pagina,
            "filas": [
                vars(fila)
                | {
                    "apoyos": fila.apoyos,
                    "por_canal": [fila.canales[canal] for canal in canales],
                    "parte": _parte(fila.propuesta.puntos if comun["con_papeleta"] else fila.apoyos, mayor),
                }
                for fila in filas
            ],
            "canales": canales,
            "totales": totales,
            "diccionario": archivos.DICCIONARIO,
            "ajustes": ajustes_de(request),
            **comun,
        },
    )


def _parte(cantidad: int | None, mayor: int) -> float | None:
    """El largo de una barra, en porcentaje de la más larga; None si se oculta."""
    return None if cantidad is None else 100 * cantidad / mayor if mayor else 0


def _tabla(titulo: str, primera: str, grupos) -> tuple[str, str, list[dict]]:
    mayor = max((grupo.cantidad or 0 for grupo in grupos), default=0)
    return titulo, primera, [vars(grupo) | {"parte": _parte(grupo.cantidad, mayor)} for grupo in grupos]


@require_safe
@con_reto
@_si_se_pueden_decir
def votos_de_propuesta(request, reto, ejercicio, pk):
    """Los apoyos de una propuesta: por canal, por tipo de actor y por comuna o vereda."""
    propuesta = get_object_or_404(informe.propuestas_de(ejercicio), pk=pk)
    (fila,) = informe.filas_de([propuesta])
    grupos = informe.grupos_de(ejercicio, [fila])[propuesta.pk]
    canales = [informe.Grupo(canal.value, str(canal.label), n) for canal in informe.CANALES if (n := fila.canales[canal])]
    return render(
        request,
        "retos/votos/de_propuesta.html",
        {
            "reto": reto,
            "url_reto": direccion_de(request, reto),
            "ejercicio": ejercicio,
            "propuesta": propuesta,
            "fila": fila,
            "url_votos": f"{direccion_de(request, reto)}votos/",
            "tablas": [
                _tabla(_("Por dónde se apoyó"), _("Canal"), canales),
                _tabla(_("Por tipo de actor"), _("Actor"), grupos["actor"]),
                _tabla(_("Por comuna o vereda"), _("Comuna o vereda"), grupos["area"]),
            ],
            "minimo": informe.MINIMO,
            **del_ejercicio(ejercicio),
        },
    )


@require_safe
@con_reto
@_si_se_pueden_decir
def datos(request, reto, ejercicio, archivo):
    """Los datos abiertos del reporte: sin registro, con licencia y con el diccionario de sus columnas."""
    if archivo == "votos.json":
        cuerpo = archivos.como_json(request, reto, ejercicio)
        respuesta = JsonResponse(cuerpo, json_dumps_params={"ensure_ascii": False, "indent": 1})
    elif archivo in archivos.CSV:
        respuesta = HttpResponse("".join(tablas.a_csv(archivos.CSV[archivo](request, ejercicio))), content_type=tablas.CSV)
    else:
        raise Http404
    respuesta["Content-Disposition"] = f'attachment; filename="reto-{ejercicio.pk}-{archivo}"'
    respuesta["Link"] = f'<{ajustes_de(request).licencia}>; rel="license"'
    return respuesta


# --- La baja de los avisos, desde el correo -----------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dejar_de_avisar(request, codigo):
    """Deja de avisar a quien apoyó, con el enlace de su correo y sin pedirle ingresar. Mirar el enlace no cambia nada."""
    participante, propuesta = avisos.leer(codigo)
    if participante is None or propuesta is None or propuesta.ejercicio.sitio_id != ajustes_de(request).site.pk:
        raise Http404
    hecho = request.method == "POST"
    if hecho:
        apoyos.cambiar_avisos(objeto=propuesta, participante=participante, quiere=False)
    return render(request, "retos/votos/dejar_de_avisar.html", {"propuesta": propuesta, "hecho": hecho})
