"""Dos retos iguales, uno con cien propuestas y apoyos y otro con diez mil y cien mil. Imprime en JSON lo que tarda cada página."""

import json
import time
from datetime import timedelta
from statistics import median

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from cuentas import actions as cuentas
from cuentas.enums import TipoActor
from cuentas.models import Participante
from home.texto import sin_tildes
from participacion.apoyos.actions import APOYO
from participacion.apoyos.models import Apoyo
from participacion.registro.models import Acto
from retos.enums import EstadoPropuesta
from retos.models import Propuesta, RetoPage, RetosIndicePage

REPETIR = 31
TAMANOS = {"pequeno": (100, 100), "grande": (10_000, 100_000)}
TEMAS = ("basura", "ruido", "parque", "andén", "luz", "árbol", "agua", "bus", "colegio", "mercado")
LOTE = 5_000


class Command(BaseCommand):
    help = __doc__

    def handle(self, **opciones):
        portada = Site.objects.get(is_default_site=True).root_page
        indice = RetosIndicePage.objects.child_of(portada).first() or portada.add_child(
            instance=RetosIndicePage(title="Retos", slug="retos")
        )
        retos = {nombre: self.crear(indice, nombre) for nombre in TAMANOS}
        with transaction.atomic():
            propuestas = {nombre: self.sembrar(retos[nombre], *TAMANOS[nombre]) for nombre in TAMANOS}
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        lector = get_user_model().objects.create_user("lectora@example.org", first_name="Lía", last_name="Mora")
        cuentas.participante_de(lector)
        self.stdout.write(json.dumps(self.medir(retos, propuestas, lector)))

    def crear(self, indice, nombre) -> RetoPage:
        ahora = timezone.now()
        pagina = RetoPage(
            title=f"Reto {nombre}", slug=f"reto-{nombre}", resumen="Para medir.", pregunta_central="¿Cómo medimos?",
            problema="<p>El problema.</p>", terminos="<p>Los términos.</p>", live=False,
            apertura=ahora - timedelta(days=9), cierre=ahora + timedelta(days=30),
        )  # fmt: skip
        indice.add_child(instance=pagina)
        pagina.save_revision().publish()
        return RetoPage.objects.get(pk=pagina.pk)

    def sembrar(self, reto, cuantas, apoyos) -> list[Propuesta]:
        """Por lotes: con las acciones tardaría horas. Los conteos se escriben de las mismas filas."""
        ahora, ejercicio = timezone.now(), reto.ejercicio
        personas = Participante.objects.bulk_create([Participante() for _n in range(max(cuantas, apoyos // 10))], LOTE)
        por_propuesta = [0] * cuantas
        pares = [
            ((quien + 17 * n * n) % cuantas, quien) for quien in range(len(personas)) for n in range(apoyos // len(personas))
        ]
        for propuesta, _persona in pares:
            por_propuesta[propuesta] += 1
        propuestas = Propuesta.objects.bulk_create(
            [self.propuesta(ejercicio, n, personas[n], por_propuesta[n], ahora) for n in range(cuantas)], LOTE
        )
        actos = Acto.objects.bulk_create(
            [
                Acto(
                    tipo=APOYO, sitio_id=ejercicio.sitio_id, ejercicio=ejercicio, objeto_tipo="retos.propuesta",
                    objeto_id=propuestas[p].pk, participante=personas[quien].clave, actor_tipo=TipoActor.CIUDADANIA,
                    area=f"Comuna {quien % 20}", canal="web", idioma="es", ocurrido_en=ahora,
                )
                for p, quien in pares
            ],
            LOTE,
        )  # fmt: skip
        Apoyo.objects.bulk_create(
            [
                Apoyo(
                    objeto_tipo="retos.propuesta", objeto_id=propuestas[p].pk, ejercicio=ejercicio,
                    participante=personas[quien], acto=acto,
                )
                for (p, quien), acto in zip(pares, actos, strict=True)
            ],
            LOTE,
        )  # fmt: skip
        self.stderr.write(f"{reto.slug}: {cuantas} propuestas, {len(pares)} apoyos")
        return propuestas

    def propuesta(self, ejercicio, n, autor, apoyos, ahora) -> Propuesta:
        tema = TEMAS[n % len(TEMAS)]
        titulo, resumen = f"Propuesta {n} sobre {tema}", f"Cambiar lo que pasa con {tema} en el barrio {n % 97}. " * 3
        descripcion = f"Primero se mide {tema}; después se acuerda qué hacer y con quién. " * 12
        return Propuesta(
            ejercicio=ejercicio, estado=EstadoPropuesta.PUBLICADA, referencia=f"R-{ejercicio.pk}-{n:05d}", autor=autor,
            actor_tipo=TipoActor.CIUDADANIA, titulo=titulo, resumen=resumen, descripcion=descripcion, idioma="es",
            texto_busqueda=sin_tildes(f"{titulo} {resumen} {descripcion}"), apoyos=apoyos,
            enviada_en=ahora, publicada_en=ahora - timedelta(minutes=n),
        )  # fmt: skip

    def medir(self, retos, propuestas, lector) -> dict:
        """Mediana en ms, con y sin sesión, una y otra alternadas: un rato lento de la máquina las toca por igual."""
        rutas = {}
        for nombre, reto in retos.items():
            base = reto.get_url()
            rutas[nombre] = {
                "reto": base,
                "lista": f"{base}propuestas/",
                "lista por apoyos": f"{base}propuestas/?orden=apoyos",
                "segunda página": f"{base}propuestas/?page=2",
                "búsqueda": f"{base}propuestas/?q=barrio+13",
                "detalle": propuestas[nombre][7].get_absolute_url(),
                "votos": f"{base}votos/",
            }
        cliente_con, cliente_sin = Client(), Client()
        cliente_con.force_login(lector)
        cifras = {}
        for sesion, cliente in (("no", cliente_sin), ("sí", cliente_con)):
            for pagina in rutas["pequeno"]:
                tiempos = {nombre: [] for nombre in rutas}
                for vuelta in range(REPETIR + 3):
                    for nombre in rutas:
                        inicio = time.perf_counter()
                        respuesta = cliente.get(rutas[nombre][pagina])
                        b"".join(respuesta)
                        if respuesta.status_code != 200:
                            raise RuntimeError(f"{rutas[nombre][pagina]} respondió {respuesta.status_code}")
                        if vuelta >= 3:  # las primeras calientan plantillas y tarjetas
                            tiempos[nombre].append(1000 * (time.perf_counter() - inicio))
                cifras[f"{pagina}|{sesion}"] = {nombre: median(valores) for nombre, valores in tiempos.items()}
        return cifras
