"""Cómo se hace en las pruebas cada cosa del dominio. Lo que tiene acción se hace con su acción."""

import io
import itertools
import uuid
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone
from PIL import Image
from wagtail.models import Site

from cuentas import actions as cuentas
from cuentas.consentimiento.actions import autorizar
from cuentas.enums import Finalidad, RangoDeclarado, RolPersonal, TipoActor
from cuentas.models import Organizacion, PoliticaPage, Usuario, VersionPolitica
from cuentas.organizaciones.actions import crear_organizacion
from cuentas.perfil.actions import guardar_perfil
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion.actions import decidir
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from retos import actions as retos
from retos.fases import TipoFase
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


def quitar_politica() -> None:
    """Deja el sitio como antes de publicar la suya."""
    PoliticaPage.objects.get().delete()
    VersionPolitica.objects.all().delete()


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
        slug=campos.pop("slug", f"reto-{numero}"),
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


DURA = timedelta(days=10)


def programa(actual="convocatoria", *, fases=tuple(TipoFase)) -> dict:
    """Las fechas de un reto cuyas fases duran diez días y siguen una a otra, con `actual` a la mitad ahora mismo.

    Sirve a `reto(**programa(...))`. Sin «convocatoria» entre las fases, ésta cabe igual antes de la que sigue.
    """
    orden = [fase for fase in TipoFase if fase in fases or fase == TipoFase.CONVOCATORIA]
    inicio = timezone.now() - DURA / 2 - DURA * orden.index(TipoFase(actual))
    fechas = {fase: (inicio + DURA * puesto, inicio + DURA * (puesto + 1)) for puesto, fase in enumerate(orden)}
    apertura, cierre = fechas.pop(TipoFase.CONVOCATORIA)
    bloques = [("fase", {"tipo": f.value, "inicia": desde, "termina": hasta}) for f, (desde, hasta) in fechas.items()]
    return {"apertura": apertura, "cierre": cierre, "fases": bloques}


def criterios(*pesos: int, minimo=0, maximo=5) -> list:
    """Un criterio por peso, para `reto(criterios=...)`."""
    return [
        ("criterio", {"nombre": f"Criterio {n}", "descripcion": "", "peso": peso, "minimo": minimo, "maximo": maximo, "guias": []})
        for n, peso in enumerate(pesos, 1)
    ]


def mover_reloj(reto_: RetoPage, actual: str) -> None:
    """Corre las fechas publicadas del reto para que `actual` esté a la mitad ahora: adelantar el calendario en una prueba."""
    ejercicio = Ejercicio.objects.get(pk=reto_.ejercicio.pk)  # la página recuerda las fechas de antes de moverlo
    fila = ejercicio.fases.filter(tipo=actual).first()
    inicia, termina = (fila.inicia, fila.termina) if fila else (ejercicio.apertura, ejercicio.cierre)
    salto = timezone.now() - (inicia + (termina - inicia) / 2)
    Ejercicio.objects.filter(pk=ejercicio.pk).update(apertura=F("apertura") + salto, cierre=F("cierre") + salto)
    ejercicio.fases.update(inicia=F("inicia") + salto, termina=F("termina") + salto)


def borrador(reto_: RetoPage, de: Usuario, *, en_nombre_de=None, adjunto=None, **campos):
    ejercicio = reto_.ejercicio
    datos = {
        "titulo": f"Propuesta {next(_numero)}",
        "resumen": "En breve.",
        "descripcion": "En detalle.",
        "terminos": ejercicio.terminos.first().numero,
        "adjuntos_nuevos": [adjunto] if adjunto else [],
        **campos,
    }
    return retos.guardar_borrador(
        actor=de,
        participante=cuentas.participante_de(de),
        ejercicio=ejercicio,
        clave_envio=uuid.uuid4(),
        organizacion=en_nombre_de,
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
    """Un PDF de una página en blanco, que un lector de verdad abre; `relleno` va entre sus objetos."""
    contenido = b"%PDF-1.4\n"
    objetos = (b"/Type/Catalog/Pages 2 0 R", b"/Type/Pages/Kids[3 0 R]/Count 1", b"/Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]")
    puestos = []
    for numero, objeto in enumerate(objetos, 1):
        puestos.append(len(contenido))
        contenido += b"%d 0 obj<<%b>>endobj\n" % (numero, objeto)
    contenido += relleno + b"\n"
    tabla = b"".join(b"%010d 00000 n \n" % puesto for puesto in puestos)
    contenido += b"xref\n0 4\n0000000000 65535 f \n%btrailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (tabla, len(contenido))
    return SimpleUploadedFile(nombre, contenido, content_type="application/pdf")


def png(nombre="foto.png") -> SimpleUploadedFile:
    memoria = io.BytesIO()
    Image.new("RGB", (4, 4), "#0943b5").save(memoria, "PNG")
    return SimpleUploadedFile(nombre, memoria.getvalue(), content_type="image/png")
