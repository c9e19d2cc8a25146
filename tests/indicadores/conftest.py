import random
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from wagtail.models import Site

from cuentas.enums import RolPersonal, TipoActor
from participacion.ejercicios.enums import FaseCiclo, TipoEjercicio
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto
from tests import fabricas

BOGOTA = ZoneInfo("America/Bogota")
INICIO, FIN = datetime(2026, 1, 1, tzinfo=BOGOTA), datetime(2026, 7, 1, tzinfo=BOGOTA)
UN_INSTANTE = timedelta(microseconds=1)
PERIODO = {"desde": "2026-01-01", "hasta": "2026-06-30"}


def crear_ejercicio(sitio, titulo="Ejercicio", tipo=TipoEjercicio.RETO) -> Ejercicio:
    return Ejercicio.objects.create(
        sitio=sitio, translation_key=uuid.uuid4(), tipo=tipo, titulo=titulo, apertura=INICIO, publicado=True
    )


def acto(ejercicio, tipo, ocurrido_en, **campos) -> Acto:
    """Un acto sin guardar, con lo que las pruebas no precisan ya puesto."""
    valores = {
        "actor_tipo": TipoActor.CIUDADANIA,
        "canal": "web",
        "fase": FaseCiclo.DIAGNOSTICO,
        "objeto_tipo": "retos.propuesta",
        "objeto_id": 1,
        **campos,
    }
    return Acto(sitio_id=ejercicio.sitio_id, ejercicio=ejercicio, tipo=tipo, ocurrido_en=ocurrido_en, **valores)


class Registro:
    """Varios cientos de actos al azar, siempre los mismos: reenvíos, retiros, importaciones y las fronteras del periodo."""

    def __init__(self):
        self.azar = random.Random(2026)
        self.sitio = fabricas.sitio()
        self.otro = Site.objects.create(hostname="otra.example", root_page=self.sitio.root_page, site_name="Otra")
        self.ejercicios = [
            crear_ejercicio(self.sitio, f"Ejercicio {n}", tipo)
            for n, tipo in enumerate(3 * [TipoEjercicio.RETO] + [TipoEjercicio.FORO, TipoEjercicio.ENCUESTA])
        ]
        self.personas = [self._clave() for _ in range(40)]
        self.organizaciones = [
            (self._clave(), tipo) for tipo in [t for t in TipoActor if t != TipoActor.CIUDADANIA] for _ in range(3)
        ]
        self.propuestas = 0
        for _ in range(120):
            self._propuesta(self.azar.choice(self.ejercicios))
        ajeno = crear_ejercicio(self.otro, "Ajeno")
        for _ in range(20):
            self._propuesta(ajeno)
        self._fronteras()

    def _clave(self):
        return uuid.UUID(int=self.azar.getrandbits(128))

    def _momento(self, desde=datetime(2025, 7, 1, tzinfo=UTC), dias=500):
        return desde + timedelta(seconds=self.azar.randrange(1, dias * 86400), microseconds=self.azar.randrange(10**6))

    def _propuesta(self, ejercicio):
        self.propuestas += 1
        comunes = {"objeto_id": self.propuestas, "fase": self.azar.choice(FaseCiclo.values)}
        momento = self._momento()
        if self.azar.random() < 0.2:
            self._importada(ejercicio, momento, comunes)
        else:
            momento = self._enviada(ejercicio, momento, comunes)
        for persona in self.azar.sample(self.personas, self.azar.randrange(8)):
            self._apoyo(ejercicio, persona, momento, comunes)

    def _importada(self, ejercicio, momento, comunes):
        importado = {"canal": "importacion", "actor_tipo": "sin_dato", **comunes}
        acto(ejercicio, "propuesta_importada", momento, estado="publicada", **importado).save()
        acto(ejercicio, "apoyos_importados", momento, cantidad=self.azar.randrange(1, 90), **importado).save()

    def _enviada(self, ejercicio, momento, comunes):
        quien = {"participante": self.azar.choice(self.personas), **comunes}
        if self.azar.random() < 0.6:
            clave, tipo = self.azar.choice(self.organizaciones)
            quien |= {"organizacion": clave, "organizacion_tipo": tipo, "actor_tipo": tipo}
        final = self.azar.choice(["enviada", "devuelta", "publicada", "rechazada", "retirada", "reenviada"])
        acto(ejercicio, "propuesta_enviada", momento, estado="enviada", **quien).save()
        personal = {**comunes, "actor_tipo": "personal"}
        if final == "retirada":
            momento = self._momento(momento, 60)
            acto(ejercicio, "propuesta_retirada", momento, estado=final, **quien).save()
        elif final == "reenviada":
            momento = self._momento(momento, 60)
            acto(ejercicio, "propuesta_devuelta", momento, estado="devuelta", **personal).save()
            # La segunda vez, en nombre propio; y la decisión en el mismo instante: decide el orden de anotación.
            momento = self._momento(momento, 60)
            quien |= {"organizacion": None, "organizacion_tipo": "", "actor_tipo": TipoActor.CIUDADANIA}
            acto(ejercicio, "propuesta_enviada", momento, estado="enviada", **quien).save()
            acto(ejercicio, "propuesta_publicada", momento, estado="publicada", **personal).save()
        elif final != "enviada":
            momento = self._momento(momento, 60)
            acto(ejercicio, f"propuesta_{final}", momento, estado=final, **personal).save()
        return momento

    def _apoyo(self, ejercicio, persona, momento, comunes):
        momento = self._momento(momento, 90)
        apoyo = acto(ejercicio, "apoyo", momento, participante=persona, **comunes)
        apoyo.save()
        if self.azar.random() < 0.3:
            retiro = self._momento(momento, 90)
            acto(ejercicio, "apoyo_retirado", retiro, participante=persona, anula=apoyo, **comunes).save()

    def _fronteras(self):
        """Apoyos en los cuatro bordes, y dos retirados justo antes y justo al terminar."""
        ejercicio = self.ejercicios[0]
        for momento in (INICIO - UN_INSTANTE, INICIO, FIN - UN_INSTANTE, FIN):
            acto(ejercicio, "apoyo", momento, participante=self._clave()).save()
        for retiro in (FIN - UN_INSTANTE, FIN):
            apoyo = acto(ejercicio, "apoyo", INICIO, participante=self._clave())
            apoyo.save()
            acto(ejercicio, "apoyo_retirado", retiro, participante=apoyo.participante, anula=apoyo).save()


@pytest.fixture
def registro(db):
    return Registro()


@pytest.fixture
def analista(db):
    return fabricas.personal(RolPersonal.ANALITICA)


@pytest.fixture
def navegador(analista):
    cliente = Client()
    cliente.force_login(analista)
    return cliente
