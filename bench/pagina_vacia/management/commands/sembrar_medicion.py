import json
from datetime import timedelta
from itertools import cycle, islice

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from bench.pagina_vacia.models import VaciaPage
from bench.puertas import CLAVE
from cuentas.actions import participante_de
from cuentas.consentimiento.actions import autorizar
from cuentas.enums import Finalidad, RangoDeclarado
from cuentas.models import PoliticaPage, VersionPolitica
from cuentas.perfil.actions import guardar_perfil
from participacion.apoyos.actions import apoyar
from retos.models import Propuesta, RetoPage, RetosIndicePage

DATOS = settings.RAIZ / "tests" / "datos" / "propuestas_madrid.csv"
SLUG = "reto-medido"
PUBLICAS = 1_000
APOYOS = 5_000
PERSONAS = 100
TEXTO = "<p>Texto de prueba para medir.</p>"


class Command(BaseCommand):
    help = "Carga las propuestas reales y los apoyos que usa la medición; escribe en JSON qué direcciones medir."

    def handle(self, **opciones):
        portada = Site.objects.get(is_default_site=True).root_page
        portada.add_child(instance=VaciaPage(title="Vacía", slug="vacia"))
        self.publicar_politica(portada)
        indice = portada.add_child(instance=RetosIndicePage(title="Retos", slug="retos-medidos"))
        reto = self.crear_reto(indice)
        call_command("importar_propuestas", str(DATOS), reto=SLUG, verbosity=0, stdout=self.stderr)
        self.completar(reto.ejercicio)
        cookie = self.apoyar(reto.ejercicio)
        detalle = reto.ejercicio.propuestas.publicadas().recientes()[20]
        direcciones = {
            "vacía": "/vacia/",
            "inicio": "/",
            "lista": f"{reto.get_url()}propuestas/",
            "detalle": detalle.get_absolute_url(),
        }
        self.stdout.write(json.dumps({"direcciones": direcciones, "cookie": cookie, "detalle": detalle.titulo}))

    def publicar_politica(self, portada):
        """Sin ella nadie puede participar ni registrarse."""
        finalidades = [("finalidad", {"clave": clave.value, "texto": f"Autorizo: {clave.label}."}) for clave in Finalidad]
        pagina = PoliticaPage(title="Política de datos", slug="politica-medida", cuerpo=TEXTO, finalidades=finalidades)
        portada.add_child(instance=pagina)
        pagina.save_revision().publish()

    def crear_reto(self, indice):
        ahora = timezone.now()
        reto = indice.add_child(
            instance=RetoPage(
                title="Reto medido",
                slug=SLUG,
                live=False,
                resumen="Reto con las propuestas reales con que se mide.",
                pregunta_central="¿Cómo mejoramos el municipio?",
                problema=TEXTO,
                terminos=TEXTO,
                apertura=ahora - timedelta(days=1),
                cierre=ahora + timedelta(days=30),
            )
        )
        reto.save_revision().publish()
        return RetoPage.objects.get(pk=reto.pk)

    def completar(self, ejercicio):
        """Repite las propuestas públicas hasta mil: la moderación o los textos vacíos pudieron dejar menos."""
        publicas = list(ejercicio.propuestas.publicadas())
        if not publicas:
            raise CommandError("La importación no dejó ninguna propuesta pública.")
        copias = []
        for numero, original in enumerate(islice(cycle(publicas), max(0, PUBLICAS - len(publicas)))):
            copia = Propuesta.objects.get(pk=original.pk)
            copia.pk = None
            copia._state.adding = True
            copia.clave_envio = Propuesta._meta.get_field("clave_envio").get_default()
            copia.fuente_id = f"copia-{numero}"
            copia.referencia = f"COPIA-{numero}"
            copias.append(copia)
        Propuesta.objects.bulk_create(copias)

    def apoyar(self, ejercicio):
        """Cinco mil apoyos de cien personas; devuelve la cookie de sesión de la primera."""
        propuestas = list(ejercicio.propuestas.publicadas().recientes()[: APOYOS // PERSONAS])
        version = VersionPolitica.objects.vigente(Site.objects.get(is_default_site=True), "es")
        clave = make_password(CLAVE)  # una para todas: cifrar cien tardaría medio minuto
        primera = None
        for numero in range(PERSONAS):
            correo = f"persona{numero}@example.org"
            usuario = get_user_model().objects.create(
                email=correo, password=clave, first_name="Persona", last_name=str(numero)
            )
            EmailAddress.objects.create(user=usuario, email=correo, primary=True, verified=True)
            participante = participante_de(usuario)
            guardar_perfil(participante=participante, rango_declarado=RangoDeclarado.ADULTO)
            autorizar(participante=participante, version=version, finalidades=[Finalidad.PARTICIPAR])
            for propuesta in propuestas:
                apoyar(objeto=propuesta, participante=participante)
            primera = primera or usuario
        navegador = Client()
        navegador.force_login(primera)
        return f"{settings.SESSION_COOKIE_NAME}={navegador.cookies[settings.SESSION_COOKIE_NAME].value}"
