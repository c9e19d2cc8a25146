from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cuentas import requisitos
from cuentas.models import Organizacion, Participante, Usuario
from cuentas.rules import puede_actuar_por, puede_asistir
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto
from participacion.registro.enums import ActorRegistro, Canal
from participacion.registro.models import Acto

from .apoyables import Reglas, apoyable_de
from .enums import ModoApoyo
from .models import Apoyo, Papeleta

APOYO, RETIRO, IMPORTADOS = "apoyo", "apoyo_retirado", "apoyos_importados"


@dataclass(frozen=True)
class Voto:
    """Lo que una persona quiere dejar dado a un objeto. Sus puntos y su puesto salen de las reglas del ejercicio."""

    objeto_id: int
    posicion: int | None = None
    puntos: int | None = None
    organizacion: Organizacion | None = None
    quiere_avisos: bool = False

    def igual_a(self, apoyo: Apoyo) -> bool:
        return (self.posicion, self.puntos) == (apoyo.posicion, apoyo.puntos)


@dataclass
class _Urna:
    """Lo que hace falta para cambiar los apoyos de una persona, con los candados tomados: su papeleta y los objetos."""

    modelo: type
    objetos: dict[int, object]
    ejercicio: Ejercicio
    ahora: datetime
    reglas: Reglas
    papeleta: Papeleta | None
    participante: Participante
    canal: Canal = Canal.WEB
    asistido_por: Usuario | None = None

    def comprobar_admite(self, objeto_id: int) -> None:
        if not apoyable_de(self.modelo).admite(self.objetos[objeto_id]):
            raise ValidationError(_("No se puede apoyar: no está publicada."), code="estado")

    def usar(self, cuanto: int) -> None:
        """Suma a lo usado de la papeleta. Lanza ValidationError (code="maximo") si no alcanza."""
        if self.papeleta is None or not cuanto:
            return
        if cuanto > 0 and self.papeleta.usados + cuanto > self.reglas.maximo:
            raise ValidationError(sin_cupo(self.reglas, self.reglas.maximo - self.papeleta.usados), code="maximo")
        self.papeleta.usados += cuanto
        self.papeleta.maximo = self.reglas.maximo
        self.papeleta.save(update_fields=["usados", "maximo"])

    def quitar(self, apoyo: Apoyo) -> None:
        registrar_acto(
            tipo=RETIRO,
            ejercicio=self.ejercicio,
            objeto=self.objetos[apoyo.objeto_id],
            participante=self.participante,
            organizacion=apoyo.organizacion,
            canal=self.canal,
            asistido_por=self.asistido_por,
            anula=apoyo.acto,
            ocurrido_en=self.ahora,
        )
        apoyo.delete()
        self._contar(apoyo.objeto_id, -1, -(apoyo.puntos or 0))

    def poner(self, voto: Voto) -> None:
        objeto = self.objetos[voto.objeto_id]
        acto = registrar_acto(
            tipo=APOYO,
            ejercicio=self.ejercicio,
            objeto=objeto,
            participante=self.participante,
            organizacion=voto.organizacion,
            canal=self.canal,
            asistido_por=self.asistido_por,
            puntos=voto.puntos,
            ocurrido_en=self.ahora,
        )
        Apoyo.objects.create(
            objeto_tipo=objeto._meta.label_lower,
            objeto_id=objeto.pk,
            ejercicio=self.ejercicio,
            participante=self.participante,
            organizacion=voto.organizacion,
            acto=acto,
            posicion=voto.posicion,
            puntos=voto.puntos,
            quiere_avisos=voto.quiere_avisos,
        )
        self._contar(voto.objeto_id, 1, voto.puntos or 0)

    def cambiar(self, dados: Iterable[Apoyo], votos: Iterable[Voto]) -> bool:
        """De lo dado a lo que se quiere: se retira y se vuelve a dar sólo lo que cambia. Falso si no cambia nada."""
        dados, votos = {a.objeto_id: a for a in dados}, {v.objeto_id: v for v in votos}
        siguen = {pk for pk, voto in votos.items() if pk in dados and voto.igual_a(dados[pk])}
        quitar = [apoyo for pk, apoyo in dados.items() if pk not in siguen]
        poner = [voto for pk, voto in votos.items() if pk not in siguen]
        self.usar(self._ocupan(poner) - self._ocupan(quitar))
        for apoyo in quitar:
            self.quitar(apoyo)
        for voto in poner:
            self.poner(voto)
        return bool(quitar or poner)

    def _ocupan(self, dados: Iterable[Apoyo | Voto]) -> int:
        return sum(dado.puntos if self.reglas.modo == ModoApoyo.PUNTOS else 1 for dado in dados)

    def _contar(self, objeto_id: int, apoyos: int, puntos: int) -> None:
        self.modelo._base_manager.filter(pk=objeto_id).update(apoyos=F("apoyos") + apoyos, puntos=F("puntos") + puntos)


def sin_cupo(reglas: Reglas, quedan: int) -> str:
    """Por qué no cabe otro apoyo, y qué hacer."""
    if reglas.modo == ModoApoyo.PUNTOS:
        return ngettext(
            "No le alcanzan los puntos: le queda %(n)s. Dé menos, o quítele a otra.",
            "No le alcanzan los puntos: le quedan %(n)s. Dé menos, o quítele a otra.",
            quedan,
        ) % {"n": quedan}
    return ngettext(
        "Puede apoyar hasta %(n)s propuesta, y ya la apoya. Para apoyar otra, retire antes su apoyo a ésa.",
        "Puede apoyar hasta %(n)s propuestas, y ya las apoya. Para apoyar otra, retire antes uno de los que dio.",
        reglas.maximo,
    ) % {"n": reglas.maximo}


def _abrir(modelo, ejercicio_id: int, participante: Participante, objetos: Sequence[int], **quien) -> _Urna:
    """Toma los candados y comprueba el plazo con el reloj leído después.

    Siempre en el mismo orden (la papeleta y luego los objetos por su id), para que dos cambios no se esperen en cruz.
    `objetos`: los que se sumarán a los ya dados. Donde se ordena o se reparte, se bloquean también los que ya dio.
    """
    reglas = apoyable_de(modelo).reglas(Ejercicio.objects.get(pk=ejercicio_id))
    tipo, papeleta, ids = modelo._meta.label_lower, None, set(objetos)
    if reglas.maximo:
        clave = {"ejercicio_id": ejercicio_id, "objeto_tipo": tipo, "participante": participante}
        Papeleta.objects.get_or_create(**clave, defaults={"maximo": reglas.maximo})
        papeleta = Papeleta.objects.select_for_update(of=["self"]).get(**clave)
    if reglas.modo != ModoApoyo.SIMPLE:
        ids |= set(dados_por(participante, modelo, ejercicio_id).values_list("objeto_id", flat=True))
    filas = modelo._base_manager.select_for_update(of=["self"]).filter(pk__in=ids, ejercicio=ejercicio_id)
    bloqueados = {fila.pk: fila for fila in filas.order_by("pk")}
    ejercicio, ahora = leer_reglas(ejercicio_id)
    apoyable_de(modelo).comprobar_plazo(ejercicio, ahora)
    asistido_por = quien.get("asistido_por")
    if asistido_por is not None and (
        not puede_asistir(asistido_por, ejercicio.sitio) or participante.cuenta_id == asistido_por.pk
    ):
        raise PermissionDenied
    return _Urna(modelo, bloqueados, ejercicio, ahora, reglas, papeleta, participante, **quien)


def dados_por(participante: Participante, modelo, ejercicio_id: int):
    """Los apoyos vigentes de una persona en un ejercicio, en su orden si lo hay."""
    apoyos = Apoyo.objects.filter(participante=participante, ejercicio=ejercicio_id, objeto_tipo=modelo._meta.label_lower)
    return apoyos.select_related("acto", "organizacion").order_by("posicion", "pk")


def _comprobar_en_nombre(urna: _Urna, objeto, organizacion: Organizacion) -> None:
    nombre = {"nombre": organizacion.nombre}
    if urna.reglas.modo != ModoApoyo.SIMPLE:
        raise ValidationError(
            _("Aquí se ordenan propuestas o se reparten puntos, y cada persona lo hace en su propio nombre."),
            code="organizacion",
        )
    if not puede_actuar_por(urna.participante, organizacion):
        raise ValidationError(_("Ya no puede actuar en nombre de %(nombre)s.") % nombre, code="organizacion")
    if Apoyo.objects.de(objeto).filter(organizacion=organizacion).exists():
        raise ValidationError(
            _("%(nombre)s ya dio su apoyo. Usted puede apoyar en su propio nombre.") % nombre,
            code="organizacion_ya_apoyo",
        )


@transaction.atomic
def apoyar(
    *,
    objeto,
    participante: Participante,
    organizacion: Organizacion | None = None,
    puntos: int | None = None,
    quiere_avisos: bool = False,
    canal: Canal = Canal.WEB,
    asistido_por: Usuario | None = None,
) -> bool:
    """Apoya una vez, en nombre propio o de una organización. Repetir no cambia nada y devuelve False.

    Donde se ordena, queda en el último puesto; donde se reparten puntos, con `puntos`, y repetir con otros los cambia
    (por la persona misma: lo que registra el personal sólo añade).
    Una persona apoya una sola vez, en el nombre que sea; una organización, también, la apoye quien la apoye.
    Lanza PermissionDenied si `asistido_por` no puede asistir aquí o se asiste a sí mismo, y ValidationError fuera de
    plazo (code="plazo"), si el objeto no se puede apoyar (code="estado"), falta un requisito (code="requisitos"), no
    alcanza el cupo (code="maximo"), los puntos no sirven (code="puntos"), ya apoyó en otro nombre
    (code="en_otro_nombre"), no actúa por la organización (code="organizacion") o ésta ya apoyó
    (code="organizacion_ya_apoyo").
    """
    urna = _abrir(
        type(objeto), objeto.ejercicio_id, participante, [objeto.pk], canal=canal, asistido_por=asistido_por
    )
    objeto = urna.objetos[objeto.pk]
    urna.comprobar_admite(objeto.pk)
    requisitos.comprobar(participante, urna.ejercicio.sitio, urna.ejercicio.nivel_minimo)
    voto = Voto(objeto.pk, organizacion=organizacion, quiere_avisos=quiere_avisos)
    if urna.reglas.modo == ModoApoyo.PUNTOS:
        voto = Voto(objeto.pk, puntos=_puntos(puntos), organizacion=organizacion, quiere_avisos=quiere_avisos)
    dado = Apoyo.objects.de(objeto).filter(participante=participante).select_related("acto", "organizacion").first()
    if dado:
        if dado.organizacion_id != (organizacion and organizacion.pk):
            raise ValidationError(
                _("Ya dio su apoyo, y se da una sola vez. Para darlo en otro nombre, retire antes el que dio."),
                code="en_otro_nombre",
            )
        if urna.reglas.modo != ModoApoyo.PUNTOS or asistido_por is not None:
            return False
        return urna.cambiar([dado], [Voto(objeto.pk, puntos=voto.puntos, quiere_avisos=dado.quiere_avisos)])
    if organizacion is not None:
        _comprobar_en_nombre(urna, objeto, organizacion)
    if urna.reglas.modo == ModoApoyo.ORDEN:
        puesto = dados_por(participante, urna.modelo, urna.ejercicio.pk).count() + 1
        voto = Voto(objeto.pk, puesto, urna.reglas.valor(puesto), quiere_avisos=quiere_avisos)
    return urna.cambiar([], [voto])


def _puntos(puntos: int | None) -> int:
    if puntos is None or puntos < 1:
        raise ValidationError(_("Escriba cuántos puntos le da: un número entero, desde 1."), code="puntos")
    return puntos


@transaction.atomic
def retirar_apoyo(*, objeto, participante: Participante) -> bool:
    """Retira el apoyo que dio esta persona; si no lo había, devuelve False. Lanza ValidationError fuera de plazo.

    Donde se ordena, las que le seguían suben un puesto. Se puede aunque el objeto ya no esté publicado: su cupo vuelve
    a quien lo dio. El que dio en nombre de una organización también lo retira sólo ella, aunque ya no sea su integrante.
    """
    urna = _abrir(type(objeto), objeto.ejercicio_id, participante, [objeto.pk])
    dado = Apoyo.objects.de(objeto).filter(participante=participante).select_related("acto", "organizacion").first()
    if dado is None:
        return False
    if urna.reglas.modo != ModoApoyo.ORDEN:
        return urna.cambiar([dado], [])
    dados = list(dados_por(participante, urna.modelo, urna.ejercicio.pk))
    quedan = [apoyo for apoyo in dados if apoyo.pk != dado.pk]
    return urna.cambiar(dados, _ordenados(urna.reglas, quedan))


def _ordenados(reglas: Reglas, apoyos: Iterable[Apoyo]) -> list[Voto]:
    return [
        Voto(apoyo.objeto_id, puesto, reglas.valor(puesto), quiere_avisos=apoyo.quiere_avisos)
        for puesto, apoyo in enumerate(apoyos, 1)
    ]


@transaction.atomic
def votar(
    *,
    modelo,
    ejercicio: Ejercicio,
    participante: Participante,
    votos: Sequence[tuple[int, int | None]],
    base: Sequence[tuple[int, int | None]],
) -> bool:
    """Deja la papeleta entera de una persona como dice `votos`: pares (objeto, puntos), en orden de preferencia.

    Los puntos sólo cuentan donde se reparten. `base`: lo que había cuando empezó a cambiarla; si otra ventana la
    cambió, no se pisa (code="cambio"). Devuelve False si ya estaba así. Lanza lo que lanza `apoyar`; también
    ValidationError (code="maximo") si repite una o pide más de la cuenta.
    """
    ids = [pk for pk, _puntos_dados in votos]
    urna = _abrir(modelo, ejercicio.pk, participante, ids)
    requisitos.comprobar(participante, urna.ejercicio.sitio, urna.ejercicio.nivel_minimo)
    dados = list(dados_por(participante, modelo, ejercicio.pk))
    if resumen(urna.reglas, dados) != [tuple(par) for par in base]:
        raise ValidationError(
            _("Su voto cambió en otra ventana mientras lo editaba. Revíselo y guárdelo otra vez."), code="cambio"
        )
    if len(set(ids)) != len(ids) or not set(ids) <= urna.objetos.keys():
        raise ValidationError(_("Elija propuestas de este reto, cada una una vez."), code="estado")
    avisos = {apoyo.objeto_id: apoyo.quiere_avisos for apoyo in dados}
    puntos_dados = {apoyo.objeto_id: apoyo.puntos or 0 for apoyo in dados}
    for pk, puntos in votos:
        # Lo ya dado a lo que dejó de admitirlo se quita o se baja; no se sube.
        if pk not in puntos_dados or (puntos or 0) > puntos_dados[pk]:
            urna.comprobar_admite(pk)
    if urna.reglas.modo == ModoApoyo.PUNTOS:
        quiere = [Voto(pk, puntos=_puntos(n), quiere_avisos=avisos.get(pk, False)) for pk, n in votos]
    else:
        if len(ids) > urna.reglas.maximo:
            raise ValidationError(sin_cupo(urna.reglas, 0), code="maximo")
        quiere = [
            Voto(pk, puesto, urna.reglas.valor(puesto), quiere_avisos=avisos.get(pk, False))
            for puesto, pk in enumerate(ids, 1)
        ]
    return urna.cambiar(dados, quiere)


def resumen(reglas: Reglas, dados: Iterable[Apoyo]) -> list[tuple[int, int | None]]:
    """La papeleta de una persona como pares (objeto, puntos); los puntos, sólo donde se reparten."""
    if reglas.modo == ModoApoyo.PUNTOS:
        return sorted((apoyo.objeto_id, apoyo.puntos) for apoyo in dados)
    return [(apoyo.objeto_id, None) for apoyo in dados]


def cambiar_avisos(*, objeto, participante: Participante, quiere: bool) -> bool:
    """Si quiere que le cuenten qué pasa con lo que apoyó; False si no lo apoya. Se puede siempre, también tras el cierre."""
    return bool(Apoyo.objects.de(objeto).filter(participante=participante).update(quiere_avisos=quiere))


def importar_apoyos(*, objeto, cantidad: int, ocurrido_en: datetime) -> Acto:
    """Anota en un solo acto los apoyos que el objeto traía de otra plataforma."""
    return registrar_acto(
        tipo=IMPORTADOS,
        ejercicio=objeto.ejercicio,
        objeto=objeto,
        actor_tipo=ActorRegistro.SIN_DATO,
        canal=Canal.IMPORTACION,
        cantidad=cantidad,
        ocurrido_en=ocurrido_en,
    )
