"""Cómo se hace en las pruebas cada cosa del dominio. Lo que tiene acción se hace con su acción."""

import io
import itertools
import uuid
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Site

from cuentas import actions as cuentas
from cuentas.consentimiento.actions import autorizar
from cuentas.enums import Finalidad, RangoDeclarado, RolPersonal, TipoActor
from cuentas.models import Organizacion, PoliticaPage, Usuario, VersionPolitica
from cuentas.organizaciones.actions import crear_organizacion
from cuentas.perfil.actions import guardar_perfil
from participacion.moderacion.actions import decidir
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from retos import actions as retos
from retos.models import RetoPage, RetosIndicePage

_numero = itertools.count(1)
CLAVE = "clave-de-prueba-2026"


def sitio() -> Site:
    return Site.objects.get(is_default_site=True)


def politica(*, titulo="Política de datos", finalidades=tuple(Finalidad)) -> PoliticaPage:
    """La política del sitio, publicada; si ya la hay, la que hay."""
    portada = sitio().root_page
    pagina = PoliticaPage.objects.child_of(portada).first()
    if pagina is None:
        bloques = [("finalidad", {"clave": f.value, "texto": f"Autorizo lo que llaman {f.value}."}) for f in finalidades]
        pagina = portada.add_child(
            instance=PoliticaPage(title=titulo, slug="politica-de-datos", cuerpo="<p>Qué y para qué.</p>", finalidades=bloques)
        )
        pagina.save_revision().publish()
    return pagina


def cuenta(correo=None, nombre="Ana", apellido="Ríos", **campos) -> Usuario:
    """Una cuenta con el correo confirmado y nada más: sin perfil ni autorizaciones."""
    correo = correo or f"persona{next(_numero)}@example.org"
    usuario = Usuario.objects.create_user(correo, CLAVE, first_name=nombre, last_name=apellido, **campos)
    EmailAddress.objects.create(user=usuario, email=correo, verified=True, primary=True)
    return usuario


def habilitar(usuario: Usuario, *, rango=RangoDeclarado.ADULTO, finalidades=tuple(Finalidad)) -> Usuario:
    """Deja a la cuenta lista para participar: perfil y autorizaciones, como sale del registro."""
    participante = cuentas.participante_de(usuario)
    guardar_perfil(participante=participante, rango_declarado=rango)
    politica()
    version = VersionPolitica.objects.vigente(sitio(), "es")
    autorizar(participante=participante, version=version, finalidades=finalidades)
    usuario.participante.refresh_from_db()
    return usuario


def persona(*args, rango=RangoDeclarado.ADULTO, finalidades=tuple(Finalidad), **campos) -> Usuario:
    """Una cuenta de la ciudadanía lista para participar."""
    return habilitar(cuenta(*args, **campos), rango=rango, finalidades=finalidades)


def personal(*roles: RolPersonal, en: Site | None = None) -> Usuario:
    """Una cuenta del personal con estos roles."""
    return cuentas.crear_personal(
        correo=f"personal{next(_numero)}@example.org",
        clave=CLAVE,
        nombre="Pilar",
        apellido="Soto",
        sitio=en or sitio(),
        roles=list(roles),
        actor=None,
    )


def organizacion(de: Usuario, tipo=TipoActor.UNIVERSIDAD, nombre=None, **campos) -> Organizacion:
    nombre = nombre or f"Organización {next(_numero)}"
    return crear_organizacion(organizacion=Organizacion(tipo=tipo, nombre=nombre, **campos), actor=de)


def reto(titulo=None, *, apertura=None, cierre=None, publicar=True, **campos) -> RetoPage:
    """Una página de reto; publicada y abierta salvo que se diga otra cosa."""
    ahora = timezone.now()
    portada = sitio().root_page
    indice = RetosIndicePage.objects.child_of(portada).first()
    if indice is None:
        indice = portada.add_child(instance=RetosIndicePage(title="Retos", slug="retos"))
    numero = next(_numero)
    pagina = RetoPage(
        title=titulo or f"Reto {numero}",
        slug=f"reto-{numero}",
        resumen="Un problema de la entidad.",
        pregunta_central="¿Cómo lo resolvemos juntos?",
        problema="<p>El problema.</p>",
        terminos="<p>Los términos.</p>",
        apertura=apertura or ahora - timedelta(days=1),
        cierre=cierre if cierre is not None else ahora + timedelta(days=30),
        live=False,
        **campos,
    )
    indice.add_child(instance=pagina)
    if publicar:
        pagina.save_revision().publish()
        pagina = RetoPage.objects.get(pk=pagina.pk)
    return pagina


def borrador(reto_: RetoPage, de: Usuario, *, en_nombre_de=None, adjunto=None, **campos):
    datos = {"titulo": f"Propuesta {next(_numero)}", "resumen": "En breve.", "descripcion": "En detalle.", **campos}
    return retos.guardar_borrador(
        actor=de,
        participante=cuentas.participante_de(de),
        ejercicio=reto_.ejercicio,
        clave_envio=uuid.uuid4(),
        organizacion=en_nombre_de,
        adjunto=adjunto,
        **datos,
    )


def enviada(reto_: RetoPage, de: Usuario | None = None, **campos):
    de = de or persona()
    return retos.enviar_propuesta(propuesta=borrador(reto_, de, **campos), actor=de)


def resolver(propuesta, decision: Decision, moderador: Usuario | None = None, motivo=""):
    """La decisión de un moderador sobre lo que esa propuesta tiene en la cola."""
    entrada = Entrada.objects.de(propuesta).pendientes().get()
    decidir(
        entrada_id=entrada.pk,
        decision=decision,
        motivo=motivo,
        moderador=moderador or personal(RolPersonal.MODERACION),
    )
    propuesta.refresh_from_db()
    return propuesta


def publicada(reto_: RetoPage, de: Usuario | None = None, *, moderador: Usuario | None = None, **campos):
    return resolver(enviada(reto_, de, **campos), Decision.APROBADA, moderador)


def pdf(nombre="anexo.pdf", relleno=b"") -> SimpleUploadedFile:
    contenido = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + relleno + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return SimpleUploadedFile(nombre, contenido, content_type="application/pdf")


def png(nombre="foto.png") -> SimpleUploadedFile:
    memoria = io.BytesIO()
    Image.new("RGB", (4, 4), "#0943b5").save(memoria, "PNG")
    return SimpleUploadedFile(nombre, memoria.getvalue(), content_type="image/png")
