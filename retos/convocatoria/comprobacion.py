"""Lo que impide publicar un reto, por campo: lo que le falta y lo que, ya abierto, no puede cambiar."""

from collections.abc import Iterable

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from participacion.apoyos.enums import ModoApoyo
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio
from participacion.formularios import construccion

from ..enums import EstadoPropuesta
from ..fases import Accion, Calendario, FaseProgramada, TipoFase, armar, calendario_de
from ..models import RetoPage
from . import prorrogas
from .publicacion import criterios_de, huella_de, requisitos_de


def hora(momento) -> str:
    return formats.date_format(timezone.localtime(momento, timezone.get_default_timezone()), "DATETIME_FORMAT")


def calendario_de_pagina(pagina: RetoPage) -> Calendario:
    """El que declara la página; las fases a medio escribir no cuentan."""
    propias = (bloque.value for bloque in pagina.fases)
    completas = [v for v in propias if v["tipo"] and v["inicia"] and v["termina"]]
    return armar(pagina, [FaseProgramada(TipoFase(v["tipo"]), v["inicia"], v["termina"]) for v in completas])


def errores(pagina: RetoPage) -> dict[str, str]:
    """Se pregunta al publicar desde el editor y otra vez dentro de la transacción, con el ejercicio bloqueado."""
    if pagina.locale_id != Locale.get_default().pk:
        return {}  # las reglas vienen del español: en una traducción no hay qué corregir
    dichos: dict[str, list[str]] = {}
    for campo, falta in [*_declarados(pagina), *_en_curso(pagina)]:
        dichos.setdefault(campo, []).append(str(falta))
    return {campo: " ".join(faltas) for campo, faltas in dichos.items()}


Faltas = Iterable[tuple[str, str]]


def _declarados(pagina: RetoPage) -> Faltas:
    yield from (("criterios", falta) for falta in _de_criterios(pagina))
    yield from _de_fases(pagina)
    if pagina.modo_apoyo != ModoApoyo.SIMPLE and not pagina.maximo_apoyos:
        yield "maximo_apoyos", _("Diga cuántas se ordenan o cuántos puntos reparte cada persona.")
    if pagina.sellado and not pagina.cierre:
        yield "cierre", _("Para sellar las propuestas hasta el cierre hace falta una fecha de cierre.")
    codigos = [bloque.value["codigo"] for bloque in pagina.no_aplica]
    for codigo in sorted({c for c in codigos if codigos.count(c) > 1}):
        yield "no_aplica", _("El código %(codigo)s está dos veces: deje uno.") % {"codigo": codigo}
    if pagina.formulario:
        yield from (("formulario", falta) for falta in construccion.errores(pagina.construir_formulario()))


def _de_criterios(pagina: RetoPage) -> Iterable[str]:
    valores = [bloque.value for bloque in pagina.criterios]
    suma = sum(valor["peso"] or 0 for valor in valores)
    if valores and suma != 100:
        yield _("Los pesos deben sumar 100; ahora suman %(suma)s.") % {"suma": suma}
    for valor in valores:
        datos = {"nombre": valor["nombre"], "minimo": valor["minimo"], "maximo": valor["maximo"]}
        if valor["maximo"] <= valor["minimo"]:
            yield _("«%(nombre)s»: la nota mayor debe pasar de la menor.") % datos
            continue
        notas = [nivel["valor"] for nivel in valor["guias"]]
        if fuera := sorted({n for n in notas if not valor["minimo"] <= n <= valor["maximo"]}):
            datos["notas"] = ", ".join(map(str, fuera))
            yield _("«%(nombre)s»: la guía habla de %(notas)s, y las notas van de %(minimo)s a %(maximo)s.") % datos
        if repetidas := sorted({n for n in notas if notas.count(n) > 1}):
            datos["notas"] = ", ".join(map(str, repetidas))
            yield _("«%(nombre)s»: la guía explica más de una vez la nota %(notas)s.") % datos


def _de_fases(pagina: RetoPage) -> Faltas:
    valores = [bloque.value for bloque in pagina.fases]
    tipos = [valor["tipo"] for valor in valores if valor["tipo"]]
    for tipo in TipoFase:
        if tipos.count(tipo) > 1:
            yield "fases", _("«%(fase)s» está dos veces: deje una.") % {"fase": tipo.label}
    if any(not (valor["tipo"] and valor["inicia"] and valor["termina"]) for valor in valores):
        yield "fases", _("Cada fase necesita su nombre y sus dos fechas.")
    fases = calendario_de_pagina(pagina).fases
    for fase in fases:
        if fase.tipo != TipoFase.CONVOCATORIA and fase.termina <= fase.inicia:
            yield "fases", _("«%(fase)s» debe terminar después de empezar.") % {"fase": fase.tipo.label}
    for una, otra in zip(fases, fases[1:], strict=False):
        if una.tipo == otra.tipo:
            continue
        if una.termina is None:
            yield "cierre", _("Ponga la fecha de cierre: después viene «%(fase)s».") % {"fase": otra.tipo.label}
        elif otra.inicia.replace(microsecond=0) < una.termina.replace(microsecond=0):
            yield "fases", _("«%(otra)s» empieza (%(empieza)s) antes de que termine «%(una)s» (%(termina)s).") % {
                "otra": otra.tipo.label,
                "una": una.tipo.label,
                "empieza": hora(otra.inicia),
                "termina": hora(una.termina),
            }
    if TipoFase.EVALUACION in tipos and not pagina.criterios:
        yield "criterios", _("Hay una fase de evaluación del jurado: escriba con qué criterios evalúa.")
    if TipoFase.ADMISIBILIDAD in tipos and not pagina.requisitos:
        yield "requisitos", _("Hay una fase de revisión de requisitos: escriba cuáles se revisan.")


def _en_curso(pagina: RetoPage) -> Faltas:
    """Lo que se congeló al abrir, por el reloj de la base de datos."""
    if pagina.ejercicio is None:
        return
    ejercicio, ahora = leer_reglas(pagina.ejercicio.pk)
    reto = getattr(ejercicio, "reto", None)
    if reto is None:
        return
    calendario, nuevo = calendario_de(ejercicio), calendario_de_pagina(pagina)
    for tipo, cual, falta in prorrogas.faltas(calendario, nuevo, ahora):
        campo = {"inicia": "apertura", "termina": "cierre"}[cual] if tipo == TipoFase.CONVOCATORIA else "fases"
        yield campo, _("«%(fase)s»: %(falta)s.") % {"fase": tipo.label, "falta": falta}
    if prorrogas.ampliaciones(calendario, nuevo, ahora) and not pagina.motivo_prorroga.strip():
        yield "motivo_prorroga", _("Amplía el plazo de una fase abierta: escriba por qué. Se publica y se avisa.")
    if ahora >= ejercicio.apertura:
        yield from _congelado(pagina, ejercicio, reto)
    apoyo = calendario.fases_de(Accion.APOYAR)
    if apoyo and apoyo[0].en(ahora) != Fase.PROXIMA:
        for campo in ("modo_apoyo", "maximo_apoyos", "ocultar_apoyos"):
            if getattr(reto, campo) != getattr(pagina, campo):
                yield campo, _("El apoyo ya se abrió: esta regla no se cambia.")


def _congelado(pagina: RetoPage, ejercicio: Ejercicio, reto) -> Faltas:
    if huella_de(criterios_de(pagina)) != reto.huella_criterios:
        yield "criterios", _(
            "El reto abrió el %(fecha)s: los criterios, sus pesos, escalas y guías ya no cambian. Quedaron con la huella %(huella)s."
        ) % {"fecha": hora(ejercicio.apertura), "huella": reto.huella_criterios}
    publicados = list(ejercicio.requisitos.order_by("orden").values("clave", "texto", "subsanable", "orden"))
    if requisitos_de(pagina) != publicados:
        yield "requisitos", _("El reto abrió el %(fecha)s: los requisitos ya no cambian.") % {"fecha": hora(ejercicio.apertura)}
    if ejercicio.propuestas.exclude(estado=EstadoPropuesta.BORRADOR).exists():
        for campo in ("evaluacion_ciega", "sellado"):
            if getattr(reto, campo) != getattr(pagina, campo):
                yield campo, _("El reto abrió y ya hay propuestas: esta regla no se cambia.")
