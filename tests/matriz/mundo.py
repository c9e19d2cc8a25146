"""Un solo mundo para toda la matriz: quiénes son y qué hay. Se arma una vez y cada petición se deshace."""

import uuid
from datetime import date
from types import SimpleNamespace
from urllib.parse import quote

from django.contrib.auth.models import Group
from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Locale, Page, Site, Task, Workflow
from wagtail_localize.models import Translation, TranslationSource

from cuentas import actions as cuentas
from cuentas.acudientes.actions import entregar_papel, pedir_firma
from cuentas.asistida.actions import registrar_persona
from cuentas.derechos.actions import presentar_solicitud
from cuentas.enums import (
    CanalConsentimiento,
    EstadoPadron,
    Finalidad,
    RangoDeclarado,
    RolMembresia,
    RolPersonal,
    TipoSolicitud,
)
from cuentas.models import DiaNoHabil, Membresia, Padron, Territorio, VersionPolitica
from cuentas.organizaciones.invitaciones import invitar
from cuentas.verificacion.actions import verificar_presencial
from home.models import AjustesSitio, Documento, Imagen
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from participacion.registro.enums import Canal
from participacion.registro.models import Acto
from retos.asistida import atencion
from retos.asistida.actions import proponer_por
from retos.importacion import espera
from tests import fabricas as f

from .encuestas import encuestas
from .retos_convocatoria import convocatoria
from .retos_decision import de_la_decision
from .retos_equipos import en_equipo
from .retos_evaluacion import en_evaluacion
from .retos_versiones import de_las_versiones
from .retos_votos import de_los_votos

# La autora escribió todo en nombre de su organización; integrante y representante son de la misma; otra_organizacion
# representa a una distinta. administracion_ajena administra otro sitio de la instalación.
ACTORES = (
    "anonima", "autora", "ciudadana", "integrante", "representante", "otra_organizacion",
    "editor", "moderacion", "gestion", "jurado", "analitica", "asistida", "administracion", "administracion_ajena", "superusuario",
)  # fmt: skip
GRUPOS = {
    "organizacion": {"autora", "integrante", "representante"},
    "ciudadania": {"autora", "ciudadana", "integrante", "representante", "otra_organizacion"},
    "personal": {"editor", "moderacion", "gestion", "jurado", "analitica", "asistida", "administracion", "administracion_ajena"},
    # Quienes escriben páginas: los permisos de Wagtail son de la instalación, no del sitio (docs/arquitectura.md).
    "editan": {"editor", "administracion", "administracion_ajena", "superusuario"},
    "administran": {"administracion", "administracion_ajena", "superusuario"},
    # Quienes llevan el concurso de los retos de este sitio (`retos.rules.gestiona`).
    "gestionan": {"gestion", "administracion", "superusuario"},
    # Quienes atienden a las personas en este sitio.
    "atienden": {"asistida", "administracion", "superusuario"},
    "con_sesion": set(ACTORES) - {"anonima"},
}


def otro_sitio() -> Site:
    raiz = Page.objects.get(depth=1).add_child(instance=Page(title="Otra entidad", slug="otra-entidad"))
    return Site.objects.create(hostname="otra.example.org", site_name="Otra entidad", root_page=raiz)


def _personas(mundo) -> dict:
    gente = {nombre: f.persona() for nombre in ("autora", "ciudadana", "integrante", "representante", "otra_organizacion")}
    mundo.organizacion = f.organizacion(gente["representante"], nombre="Universidad del Norte")
    mundo.ajena = f.organizacion(gente["otra_organizacion"], nombre="Empresa del Sur")
    for nombre in ("autora", "integrante"):
        Membresia.objects.create(
            participante=gente[nombre].participante, organizacion=mundo.organizacion, rol=RolMembresia.INTEGRANTE
        )
    # El personal también es gente: cada quien con perfil y autorizaciones, para que nada falle sólo por eso.
    gente |= {rol.value: f.habilitar(f.personal(rol)) for rol in RolPersonal}
    gente["administracion_ajena"] = f.habilitar(f.personal(RolPersonal.ADMINISTRACION, en=mundo.otro_sitio))
    gente["superusuario"] = f.persona(is_superuser=True, is_staff=True)
    return gente


def _propuestas(mundo) -> None:
    autora, suya = mundo.gente.autora, {"en_nombre_de": mundo.organizacion}
    anexo = lambda: adjuntos.guardar(archivo=f.pdf(), participante=autora.participante)  # noqa: E731
    mundo.borrador = f.borrador(mundo.reto, autora, adjunto=anexo(), **suya)
    mundo.enviada = f.enviada(mundo.reto, autora, **suya)
    mundo.entrada = Entrada.objects.de(mundo.enviada).get()
    mundo.devuelta = f.resolver(f.enviada(mundo.reto, autora, **suya), Decision.DEVUELTA, motivo="Falta algo.")
    mundo.publicada = f.publicada(mundo.reto, autora, adjunto=anexo(), **suya)
    mundo.oculta = f.publicada(mundo.reto_oculto, autora, adjunto=anexo(), **suya)
    mundo.adjunto_borrador, mundo.adjunto_publicado, mundo.adjunto_oculto = (
        Adjunto.objects.de(propuesta).get() for propuesta in (mundo.borrador, mundo.publicada, mundo.oculta)
    )
    mundo.suelto = adjuntos.guardar(archivo=f.pdf(), participante=autora.participante)
    mundo.reto_oculto.unpublish()


def _menor(mundo) -> None:
    """Alguien de 15 años cuyo acudiente tiene un enlace por firmar y, además, un papel por revisar."""
    menor = f.persona(rango=RangoDeclarado.ADOLESCENTE).participante
    mundo.version = VersionPolitica.objects.vigente(mundo.sitio, "es")
    mundo.autorizacion = entregar_papel(participante=menor, nombre="Rosa", version=mundo.version, archivo=f.pdf())
    mundo.soporte = mundo.autorizacion.soporte
    _pedida, mundo.codigo_acudiente = pedir_firma(participante=menor, nombre="Rosa", correo="rosa@example.org")


def _organizaciones(mundo) -> None:
    gente = mundo.gente
    mundo.membresia = Membresia.objects.get(participante=gente.integrante.participante)
    mundo.membresia_ajena = Membresia.objects.get(organizacion=mundo.ajena)
    mundo.invitacion, mundo.codigo_invitacion = invitar(
        organizacion=mundo.organizacion, correo=gente.ciudadana.email, rol=RolMembresia.INTEGRANTE, actor=gente.representante
    )


def _de_personas(mundo) -> None:
    autora, funcionario = mundo.gente.autora.participante, mundo.gente.asistida
    _menor(mundo)
    _organizaciones(mundo)
    mundo.territorio = Territorio.objects.create(sitio=mundo.sitio, nombre="Comuna 1", tipo="comuna", zona="urbana")
    mundo.padron, mundo.padron_ajeno = (
        Padron.objects.create(sitio=sitio, nombre="Suscriptores", sal="x", estado=EstadoPadron.VIGENTE)
        for sitio in (mundo.sitio, mundo.otro_sitio)
    )
    mundo.verificacion = verificar_presencial(
        participante=autora, tipo="CC", numero="1000000", nota="Mostró su cédula.", actor=funcionario
    )
    mundo.ficha_verificacion = signing.dumps([autora.pk, funcionario.pk], salt="cuentas.verificacion")
    mundo.solicitud = presentar_solicitud(
        sitio=mundo.sitio, tipo=TipoSolicitud.SUPRESION, texto="Borren mis datos.", participante=autora
    )
    mundo.dia = DiaNoHabil.objects.create(sitio=mundo.sitio, fecha=date(2030, 1, 2), motivo="Feria")


def _asistida(mundo) -> None:
    """Una persona sin cuenta, lo que le registró el personal y la atención que sigue abierta."""
    funcionario = mundo.gente.asistida
    persona = registrar_persona(
        tipo="CC", numero="2000000", canal=CanalConsentimiento.PRESENCIAL, comprobado=False, sitio=mundo.sitio,
        funcionario=funcionario, version=mundo.version, finalidades=list(Finalidad), rango_declarado=RangoDeclarado.ADULTO,
    )  # fmt: skip
    propuesta = proponer_por(
        participante=persona, canal=Canal.ASISTIDA, funcionario=funcionario, ejercicio=mundo.reto.ejercicio,
        clave_envio=uuid.uuid4(), titulo="De la oficina", resumen="En breve.", descripcion="En detalle.", terminos=1,
    )  # fmt: skip
    mundo.asistida_devuelta = f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta algo.")
    mundo.acto_asistido = Acto.objects.get(asistencia__isnull=False)
    mundo.acto_web = Acto.objects.filter(objeto_id=mundo.enviada.pk, asistencia__isnull=True).first()
    mundo.ficha_asistida = atencion.abrir(participante=persona, canal=Canal.ASISTIDA, funcionario=funcionario)


def _de_wagtail(mundo) -> None:
    mundo.raiz = Page.get_first_root_node()
    mundo.coleccion = Collection.get_first_root_node().add_child(instance=Collection(name="Anexos"))
    mundo.idioma = Locale.get_default()
    mundo.imagen = Imagen.objects.create(title="Foto", file=ContentFile(f.png().read(), "foto.png"))
    mundo.documento = Documento.objects.create(title="Acta", file=ContentFile(b"%PDF-1.4", "acta.pdf"))
    mundo.flujo, mundo.tarea = Workflow.objects.first(), Task.objects.first()
    mundo.indice, mundo.revision = mundo.reto.get_parent(), mundo.reto.latest_revision
    mundo.grupo = Group.objects.get(name=RolPersonal.JURADO)
    mundo.redireccion = Redirect.objects.create(old_path="/antes", redirect_link="/")
    fuente, _nueva = TranslationSource.get_or_create_from_instance(mundo.reto)
    mundo.traduccion = Translation.objects.create(source=fuente, target_locale=Locale.objects.get(language_code="en"))
    mundo.traduccion.save_target(publish=False)
    AjustesSitio.for_site(mundo.sitio)


def armar() -> SimpleNamespace:
    mundo = SimpleNamespace(sitio=f.sitio(), otro_sitio=otro_sitio())
    f.politica()
    mundo.gente = SimpleNamespace(**_personas(mundo))
    mundo.reto, mundo.reto_oculto = f.reto("Reto abierto"), f.reto("Reto que se despublica")
    _propuestas(mundo)
    _de_personas(mundo)
    _asistida(mundo)
    _de_wagtail(mundo)
    mundo.encuestas = encuestas(mundo)
    mundo.decision = de_la_decision(mundo)
    mundo.convocatoria = convocatoria(mundo)
    mundo.equipos = en_equipo(mundo)
    mundo.evaluacion = en_evaluacion(mundo)
    de_los_votos(mundo)
    de_las_versiones(mundo)
    mundo.ficha_importacion = quote(
        espera.guardar(
            archivo=ContentFile(b"id,title\n1,Uno\n", "propuestas.csv"),
            usuario=mundo.gente.administracion,
            ejercicio=mundo.reto.ejercicio,
            fuente="decidim",
        )
    )
    mundo.sesiones = {}
    for nombre, cuenta in vars(mundo.gente).items():
        cuentas.participante_de(cuenta)
        cliente = Client()
        cliente.force_login(cuenta)
        mundo.sesiones[nombre] = cliente.cookies["sessionid"].value
    return mundo


_MANEJADORES = {}


def cliente_de(mundo, actor: str, **opciones) -> Client:
    """Un navegador nuevo; los intermediarios, que no recuerdan nada de una petición a otra, se arman una sola vez."""
    cliente = Client(raise_request_exception=False, **opciones)
    cliente.handler = _MANEJADORES.setdefault(cliente.handler.enforce_csrf_checks, cliente.handler)
    if actor != "anonima":
        cliente.cookies["sessionid"] = mundo.sesiones[actor]
    return cliente


def pedir(mundo, actor: str, url: str, metodo: str = "GET", datos=None, **opciones):
    """La respuesta, y la base de datos como estaba: el mundo es el mismo para la petición siguiente."""
    cliente = cliente_de(mundo, actor, **opciones)
    with transaction.atomic():
        # Como un navegador, que siempre envía algo: la ficha.
        respuesta = cliente.post(url, {"csrfmiddlewaretoken": "x"} | (datos or {})) if metodo == "POST" else cliente.generic(metodo, url)
        if getattr(respuesta, "streaming", False):
            list(respuesta.streaming_content)  # leerla entera cierra el archivo; `close()` cerraría la conexión
        transaction.set_rollback(True)
    return respuesta
