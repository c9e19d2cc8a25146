"""Los dos retos que recorren el programa: uno ya decidido y en marcha, y uno en manos del jurado.

Todo se hace con las acciones de verdad, que sólo permiten cada cosa en su fase. Para eso el tiempo del reto se corre:
antes de cada paso se mueven juntas las fechas de su calendario y las de lo que ya pasó en él, y al final todo queda
donde lo dice su página. Sólo los actos del registro conservan el día de la carga.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from uuid import NAMESPACE_URL, uuid5

from django.db.models import DateTimeField, F
from django.utils import timezone

from participacion.apoyos import actions as apoyos
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion import actions as moderacion
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from retos import models as retos
from retos.convocatoria import actions as convocatoria
from retos.decision import actions as decision
from retos.decision import respuestas
from retos.decision.enums import TipoDecision
from retos.diagnostico.actions import contar_problema
from retos.diagnostico.enums import EstadoPregunta
from retos.enums import Resultado
from retos.evaluacion.actions import admision, asignacion, calificacion, deliberacion, jurado
from retos.fases import calendario_de
from retos.seguimiento import actions as seguimiento
from retos.seguimiento.enums import EstadoHito

from .aportes import proponer
from .paginas import Paginas, leer
from .personas import Personas

# Lo que tiene fecha en un reto, y por dónde se llega a él. Un acta dice su fecha y no se cambia.
CON_FECHA = {
    Ejercicio: "pk",
    retos.FaseReto: "ejercicio",
    retos.Reto: "ejercicio",
    retos.VersionTerminos: "ejercicio",
    retos.Problema: "ejercicio",
    retos.PreguntaReto: "ejercicio",
    retos.Propuesta: "ejercicio",
    retos.Jurado: "ejercicio",
    retos.DecisionReto: "ejercicio",
    retos.VersionPropuesta: "propuesta__ejercicio",
    retos.Admision: "propuesta__ejercicio",
    retos.Evaluacion: "propuesta__ejercicio",
    retos.Novedad: "propuesta__ejercicio",
    retos.RespuestaOficial: "propuesta__ejercicio",
    retos.Implementacion: "propuesta__ejercicio",
    retos.HitoPlan: "implementacion__propuesta__ejercicio",
}
ANTES_DE_ABRIR = timedelta(days=5)


def cargar(personas: Personas, paginas: Paginas) -> None:
    # Los últimos vecinos sin organización: los primeros ya proponen en otros retos.
    en_su_nombre = iter(personas.vecinos[40:])
    for datos in leer("programa")["reto"]:
        Recorrido(datos, personas, paginas, en_su_nombre).hacer()


@dataclass
class Recorrido:
    """Un reto de principio a fin, hasta donde llegue su contenido."""

    datos: dict
    personas: Personas
    paginas: Paginas
    en_su_nombre: object

    def hacer(self) -> None:
        self.ejercicio = self.paginas.ejercicio(self.datos["clave"])
        self.apertura = self.ejercicio.apertura
        self._publicarlo()
        if "problemas" in self.datos:
            self._ir_a("diagnostico")
            self._diagnosticar()
        self._ir_a("convocatoria")
        self._proponer()
        self._ir_a("admisibilidad")
        self._admitir()
        self._ir_a("evaluacion")
        self._evaluar()
        if "motivos" in self.datos:
            self._ir_a("decision")
            self._decidir()
            for datos, propuesta in self.propuestas:
                if "plan" in datos:
                    self._ejecutar(datos["plan"], propuesta)
        self._correr(self.apertura - self.ejercicio.apertura)

    # --- El tiempo -----------------------------------------------------------------------------------------

    def _correr(self, salto: timedelta) -> None:
        """Mueve todas las fechas del reto, las de su calendario y las de lo que ya pasó."""
        for modelo, ruta in CON_FECHA.items():
            campos = [campo.name for campo in modelo._meta.get_fields() if isinstance(campo, DateTimeField)]
            modelo.objects.filter(**{ruta: self.ejercicio.pk}).update(**{campo: F(campo) + salto for campo in campos})
        self.ejercicio = self.paginas.ejercicio(self.datos["clave"])

    def _publicarlo(self) -> None:
        """Se publicó unos días antes de abrir: así se conocieron los criterios."""
        ahora = timezone.now()
        primera = min(fase.inicia for fase in calendario_de(self.ejercicio).fases)
        self._correr(ahora + ANTES_DE_ABRIR - primera)
        retos.Reto.objects.filter(ejercicio=self.ejercicio).update(criterios_publicados_en=ahora)
        retos.VersionTerminos.objects.filter(ejercicio=self.ejercicio).update(publicada_en=ahora)

    def _ir_a(self, tipo: str) -> None:
        """A la mitad de la fase o, si aún corre, de lo que ya pasó de ella: nada queda con fecha de mañana."""
        (fase,) = calendario_de(self.ejercicio).de(tipo)
        ahora = timezone.now()
        termina = min(fase.termina, ahora - (self.apertura - self.ejercicio.apertura))
        self._correr(ahora - (fase.inicia + (termina - fase.inicia) / 2))

    def _ir_al(self, dias: int) -> None:
        """A las 5 de la tarde de ese día del contenido."""
        self._correr(self.apertura - self.ejercicio.apertura + timezone.now() - self.paginas.momento(dias))

    def _dia(self, dias: int) -> date:
        return self.paginas.hoy + timedelta(days=dias)

    # --- Lo que pasa en él -----------------------------------------------------------------------------------

    def _clave(self, que: str):
        return uuid5(NAMESPACE_URL, f"{self.datos['clave']}/{que}")

    def _diagnosticar(self) -> None:
        for n, (titulo, descripcion, cuantos) in enumerate(self.datos["problemas"]):
            problema = contar_problema(
                ejercicio=self.ejercicio,
                participante=self.personas.vecinos[n],
                titulo=titulo,
                descripcion=descripcion,
                clave_envio=self._clave(titulo),
            )
            entrada = Entrada.objects.de(problema).pendientes().get()
            moderacion.decidir(
                entrada_id=entrada.pk, decision=Decision.APROBADA, motivo="", moderador=self.personas.moderador
            )
            self._apoyar(problema, cuantos)

    def _apoyar(self, objeto, cuantos: int) -> None:
        for vecino in islice((v for v in self.personas.vecinos if v.pk != objeto.autor_id), cuantos):
            apoyos.apoyar(objeto=objeto, participante=vecino)

    def _proponer(self) -> None:
        self.propuestas = [
            (datos, proponer(datos, self.personas, self.ejercicio, self.en_su_nombre)) for datos in self.datos["propuesta"]
        ]
        if "duda" in self.datos:
            texto, respuesta = self.datos["duda"]
            pregunta = convocatoria.preguntar(
                ejercicio=self.ejercicio, participante=self.personas.ciudadana, texto=texto, clave_envio=self._clave(texto)
            )
            convocatoria.resolver_pregunta(
                pregunta=pregunta, hacia=EstadoPregunta.RESPONDIDA, respuesta=respuesta, actor=self.personas.gestion
            )
        if not calendario_de(self.ejercicio).de("apoyo"):
            self._reunir_apoyos()

    def _reunir_apoyos(self) -> None:
        for datos, propuesta in self.propuestas:
            self._apoyar(propuesta, datos["apoyos"])

    def _admitir(self) -> None:
        requisitos = list(self.ejercicio.requisitos.values_list("pk", flat=True))
        for datos, propuesta in self.propuestas:
            comunes = {"propuesta": propuesta, "actor": self.personas.gestion}
            if motivo := datos.get("no_admitida"):
                *cumple, falla = requisitos
                revision = {**{pk: (True, "") for pk in cumple}, falla: (False, "")}
                admision.no_admitir(**comunes, revision=revision, motivo=motivo)
            else:
                admision.admitir(**comunes, revision={pk: (True, "") for pk in requisitos})

    def _evaluar(self) -> None:
        if calendario_de(self.ejercicio).de("apoyo"):
            self._ir_a("apoyo")
            self._reunir_apoyos()
            self._ir_a("evaluacion")
        miembros = [self._sentar(cuenta) for cuenta in self.personas.jurados]
        asignacion.repartir(ejercicio=self.ejercicio, actor=self.personas.gestion, semilla=2026)
        criterios = list(self.ejercicio.criterios.values_list("pk", flat=True))
        for datos, propuesta in self.propuestas:
            for miembro, notas in zip(miembros, datos.get("notas", ()), strict=False):
                valores = dict(zip(criterios, notas, strict=False))
                completa = len(valores) == len(criterios)
                calificar = calificacion.enviar_evaluacion if completa else calificacion.guardar_evaluacion
                calificar(
                    evaluacion=retos.Evaluacion.objects.get(propuesta=propuesta, jurado=miembro),
                    actor=miembro.usuario,
                    valores=valores,
                    comentario_proponente=datos.get("comentario", "") if miembro is miembros[0] else "",
                )

    def _sentar(self, cuenta) -> retos.Jurado:
        miembro = jurado.invitar(
            ejercicio=self.ejercicio,
            actor=self.personas.gestion,
            correo=cuenta.email,
            nombre=cuenta.first_name,
            apellido=cuenta.last_name,
        )
        return jurado.responder_invitacion(jurado=miembro, actor=cuenta, acepta=True)

    def _decidir(self) -> None:
        quien = {"ejercicio": self.ejercicio, "actor": self.personas.gestion}
        dias, asistentes, texto = self.datos["acta"]
        acta = deliberacion.anotar_deliberacion(**quien, fecha=self._dia(dias), asistentes=asistentes, texto=texto)
        fallados = [
            decision.Fallado(propuesta.pk, datos["fallo"], 1 if datos["fallo"] == Resultado.ELEGIBLE else None)
            for datos, propuesta in self.propuestas
            if "fallo" in datos
        ]
        decision.guardar_fallos(**quien, fallados=fallados)
        decision.guardar_decision(
            **quien, tipo=TipoDecision.ELIGE, motivos=self.datos["motivos"], textos=self.datos["textos"], actas=[acta]
        )
        decision.tomar_decision(**quien)
        decision.publicar_decision(**quien)
        respuestas.responder_no_admitidas(**quien)

    def _ejecutar(self, plan: dict, propuesta: retos.Propuesta) -> None:
        actor = self.personas.gestion
        self._ir_al(plan["hitos"][0][2] - 1)
        implementacion = seguimiento.guardar_plan(
            propuesta=propuesta, actor=actor, responsable=plan["responsable"], presupuesto=Decimal(plan["presupuesto"])
        )
        hitos = []
        for nombre, responsable, inicia, vence, presupuesto, *_como_va in plan["hitos"]:
            hito = seguimiento.guardar_hito(
                implementacion=implementacion,
                actor=actor,
                nombre=nombre,
                responsable=responsable,
                inicia=self._dia(inicia),
                vence=self._dia(vence),
                presupuesto=Decimal(presupuesto),
            )
            hitos.append(hito)
        seguimiento.mover_propuesta(propuesta=propuesta, hacia=Resultado.EN_IMPLEMENTACION, actor=actor)
        for hito, (nombre, _de, inicia, vence, _vale, avance, texto) in zip(hitos, plan["hitos"], strict=True):
            if not avance:
                continue
            self._ir_al(inicia)
            seguimiento.mover_hito(hito=hito, hacia=EstadoHito.EN_CURSO, actor=actor)
            self._ir_al(min(vence, -1))
            seguimiento.anotar(propuesta=propuesta, actor=actor, titulo=nombre, texto=texto, hito=hito, avance=avance)
            if avance == 100:
                seguimiento.mover_hito(hito=hito, hacia=EstadoHito.CUMPLIDO, actor=actor)
        if "problema_resuelto" in plan:
            con, tipo, beneficio = plan["alianza"]
            logro = {campo: plan[campo] for campo in ("prototipo", "beneficiarios", "problema_resuelto", "explicacion", "beneficios")}
            seguimiento.guardar_logro(
                propuesta=propuesta,
                actor=actor,
                prototipo_enlace="",
                alianzas=[{"con": con, "tipo": tipo, "beneficio": beneficio}],
                **logro,
            )
            seguimiento.mover_propuesta(propuesta=propuesta, hacia=Resultado.IMPLEMENTADA, actor=actor)
