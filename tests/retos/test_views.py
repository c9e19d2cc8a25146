import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cuentas import actions as cuentas
from cuentas.derechos.actions import suprimir_datos
from cuentas.enums import RolPersonal, TipoActor
from home.models import ContenidoPage
from participacion.adjuntos import actions as adjuntos
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion.enums import Decision
from participacion.registro.models import Acto
from retos import actions
from retos.enums import EstadoPropuesta
from retos.models import Propuesta, Reto
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
E = EstadoPropuesta


def cliente_de(usuario):
    cliente = Client()
    if usuario:
        cliente.force_login(usuario)
    return cliente


# --- Quién ve qué -------------------------------------------------------------------------------


@pytest.fixture
def reparto():
    """Una propuesta con archivo, en nombre de una organización, y todo el que podría querer verla."""
    autor = f.persona()
    org = f.organizacion(autor)
    companera = f.persona()
    org.membresias.create(participante=cuentas.participante_de(companera), rol="integrante")
    adjunto = adjuntos.guardar(archivo=f.pdf(), participante=None)
    propuesta = f.borrador(f.reto(), autor, en_nombre_de=org, adjunto=adjunto)
    quienes = {
        "anonima": None,
        "autor": autor,
        "otra": f.persona(),
        "companera": companera,
        "editor": f.personal(RolPersonal.EDITOR),
        "moderacion": f.personal(RolPersonal.MODERACION),
        "analitica": f.personal(RolPersonal.ANALITICA),
    }
    return propuesta, adjunto, quienes


def llevar(propuesta, estado):
    autor = propuesta.autor.cuenta
    if estado != E.BORRADOR:
        actions.enviar_propuesta(propuesta=propuesta, actor=autor)
    if estado in (E.PUBLICADA, "retirada_publicada"):
        f.resolver(propuesta, Decision.APROBADA)
    if estado == E.DEVUELTA:
        f.resolver(propuesta, Decision.DEVUELTA, motivo="m")
    if estado == E.RECHAZADA:
        f.resolver(propuesta, Decision.RECHAZADA, motivo="m")
    if estado in (E.RETIRADA, "retirada_publicada"):
        actions.retirar_propuesta(propuesta=propuesta, actor=autor)


def responde(usuario, url) -> int:
    respuesta = cliente_de(usuario).get(url)
    respuesta.getvalue()  # agota y cierra el archivo, si lo es
    return respuesta.status_code


TODOS = {"anonima", "autor", "otra", "companera", "editor", "moderacion", "analitica"}
PERSONAL = {"autor", "moderacion", "analitica"}


@pytest.mark.parametrize(
    ("estado", "la_ven", "bajan_archivo"),
    [
        (E.BORRADOR, {"autor"}, {"autor"}),
        (E.ENVIADA, PERSONAL, PERSONAL),
        (E.DEVUELTA, {"autor"}, {"autor"}),
        (E.RECHAZADA, PERSONAL, PERSONAL),
        (E.RETIRADA, PERSONAL, PERSONAL),
        (E.PUBLICADA, TODOS, TODOS),
        ("retirada_publicada", TODOS, PERSONAL),
    ],
)
def test_quien_ve_la_propuesta_y_su_archivo(reparto, estado, la_ven, bajan_archivo):
    propuesta, adjunto, quienes = reparto
    llevar(propuesta, estado)
    ven = {q for q, u in quienes.items() if responde(u, f"/propuestas/{propuesta.pk}/") == 200}
    bajan = {q for q, u in quienes.items() if responde(u, f"/adjuntos/{adjunto.clave}/") == 200}
    assert (ven, bajan) == (la_ven, bajan_archivo)


@pytest.mark.parametrize("ruta", ["editar", "retirar", "borrar", "recibida"])
def test_solo_el_autor_actua(reparto, ruta):
    propuesta, _adjunto, quienes = reparto
    actions.enviar_propuesta(propuesta=propuesta, actor=quienes["autor"])
    f.resolver(propuesta, Decision.DEVUELTA, motivo="m")
    for quien, usuario in quienes.items():
        respuesta = cliente_de(usuario).get(f"/propuestas/{propuesta.pk}/{ruta}/")
        esperado = {"anonima": 302, "autor": 200}.get(quien, 404)
        assert respuesta.status_code == esperado, quien
        respuesta = cliente_de(usuario).post(f"/propuestas/{propuesta.pk}/{ruta}/") if quien != "autor" else None
        assert respuesta is None or respuesta.status_code in (302, 404, 405)
    propuesta.refresh_from_db()
    assert propuesta.estado == E.DEVUELTA


def test_personal_de_otro_sitio_no_la_ve():
    from wagtail.models import Site

    propuesta = f.enviada(f.reto())
    otro = Site.objects.create(hostname="otra.example.org", root_page=f.sitio().root_page)
    cliente = cliente_de(f.personal(RolPersonal.MODERACION, en=otro))
    assert cliente.get(f"/propuestas/{propuesta.pk}/").status_code == 404


def test_adjunto_se_entrega_inerte(reparto):
    propuesta, adjunto, _quienes = reparto
    llevar(propuesta, E.PUBLICADA)
    respuesta = Client().get(f"/adjuntos/{adjunto.clave}/")
    assert respuesta["Content-Disposition"] == 'attachment; filename="anexo.pdf"'
    assert respuesta["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert respuesta["X-Content-Type-Options"] == "nosniff"
    assert respuesta["Cache-Control"] == "private, no-store"
    assert respuesta.getvalue().startswith(b"%PDF")


# --- La lista --------------------------------------------------------------------------------------


@pytest.fixture
def varias():
    reto, moderador = f.reto(), f.personal(RolPersonal.MODERACION)
    ana = f.persona()
    uni, empresa = f.organizacion(ana, tipo=TipoActor.UNIVERSIDAD), f.organizacion(ana, tipo=TipoActor.EMPRESA)
    f.publicada(reto, ana, moderador=moderador, titulo="Árboles nativos", resumen="Sombra en la vía")
    f.publicada(reto, ana, moderador=moderador, titulo="Riego por goteo", en_nombre_de=uni)
    p = f.publicada(reto, ana, moderador=moderador, titulo="Sensores de riego", en_nombre_de=empresa)
    f.enviada(reto, titulo="SECRETA en revisión")
    f.borrador(reto, ana, titulo="SECRETA en borrador")
    retirada = f.publicada(reto, ana, moderador=moderador, titulo="Arrepentida")
    actions.retirar_propuesta(propuesta=retirada, actor=ana)
    Propuesta.objects.filter(pk=p.pk).update(apoyos=5)
    f.publicada(f.reto(), titulo="SECRETA de otro reto")
    return reto


def titulos_de(respuesta) -> list[str]:
    orden = [version[0] for version in respuesta.context["pagina"]]
    return [Propuesta.objects.get(pk=pk).titulo for pk in orden]


@pytest.mark.parametrize(
    ("consulta", "titulos"),
    [
        ("", ["Sensores de riego", "Riego por goteo", "Árboles nativos"]),
        ("orden=apoyos", ["Sensores de riego", "Riego por goteo", "Árboles nativos"]),
        ("q=RIEGO", ["Sensores de riego", "Riego por goteo"]),
        ("q=arboles+via", ["Árboles nativos"]),
        ("q=%25", []),
        ("actor=universidad", ["Riego por goteo"]),
        ("actor=universidad&actor=ciudadania", ["Riego por goteo", "Árboles nativos"]),
        ("estado=retirada", ["Arrepentida"]),
        ("estado=todas&q=a", ["Arrepentida", "Sensores de riego", "Riego por goteo", "Árboles nativos"]),
        ("estado=&orden=", ["Sensores de riego", "Riego por goteo", "Árboles nativos"]),
    ],
)
def test_lista_filtra_y_ordena(client, varias, consulta, titulos):
    respuesta = client.get(f"{varias.url}propuestas/?{consulta}")
    assert respuesta.status_code == 200
    assert titulos_de(respuesta) == titulos
    assert "SECRETA" not in respuesta.text


@pytest.mark.parametrize("consulta", ["actor=marciano", "estado=borrador", "orden=secreto", f"q={'x' * 101}"])
def test_lista_con_filtro_invalido_responde_400(client, varias, consulta):
    respuesta = client.get(f"{varias.url}propuestas/?{consulta}")
    assert respuesta.status_code == 400
    assert "SECRETA" not in respuesta.text


@pytest.mark.parametrize("consulta", ["q=%00", "page=%00", "page=999999", "page=-1", "page=x", "q=%ff%fe"])
def test_lista_con_basura_no_da_500(client, varias, consulta):
    assert client.get(f"{varias.url}propuestas/?{consulta}").status_code in (200, 400)


def test_lista_pagina_conserva_el_filtro(client):
    reto = f.reto()
    sembrar(reto, 45)
    respuesta = client.get(f"{reto.url}propuestas/?orden=apoyos&page=2")
    assert len(respuesta.context["pagina"]) == 20
    assert "orden=apoyos&amp;page=3" in respuesta.text


def sembrar(reto, cuantas):
    """Publicadas directamente en la base: para contar consultas, no para probar reglas."""
    ana = cuentas.participante_de(f.persona())
    ahora = timezone.now()
    desde = Propuesta.objects.count()
    Propuesta.objects.bulk_create(
        Propuesta(
            ejercicio=reto.ejercicio,
            autor=ana,
            estado=E.PUBLICADA,
            referencia=f"R-{desde + n}",
            titulo=f"Título {n}",
            resumen="Resumen",
            actor_tipo="ciudadania",
            publicada_en=ahora,
        )
        for n in range(cuantas)
    )


@pytest.mark.parametrize(
    ("pagina", "anonima", "con_sesion"),
    [("lista", 4, 6), ("detalle", 5, 10), ("portada", 6, 8), ("reto", 19, 21)],
)
def test_consultas_iguales_con_1_3_y_300(client, django_assert_num_queries, pagina, anonima, con_sesion):
    reto = f.reto()
    sembrar(reto, 1)
    primera = Propuesta.objects.first()
    url = {
        "lista": f"{reto.url}propuestas/",
        "detalle": f"/propuestas/{primera.pk}/",
        "portada": "/",
        "reto": reto.url,
    }[pagina]
    adentro = cliente_de(f.persona())
    for faltan in (0, 2, 297):
        sembrar(reto, faltan)
        for cliente, consultas in ((client, anonima), (adentro, con_sesion)):
            cliente.get(url)  # arma los fragmentos
            with django_assert_num_queries(consultas):
                assert cliente.get(url).status_code == 200


# --- Apoyar -------------------------------------------------------------------------------------------


def test_apoyar_y_retirar(client):
    propuesta, ana = f.publicada(f.reto()), f.persona()
    client.force_login(ana)
    url = f"/propuestas/{propuesta.pk}/apoyar/"
    assert client.post(url).url == f"/propuestas/{propuesta.pk}/#apoyo"
    client.post(url)
    assert "el suyo incluido" in client.get(f"/propuestas/{propuesta.pk}/").text
    propuesta.refresh_from_db()
    assert (propuesta.apoyos, Apoyo.objects.count(), Acto.objects.filter(tipo="apoyo").count()) == (1, 1, 1)
    client.post(url, {"accion": "retirar"})
    client.post(url, {"accion": "retirar"})
    propuesta.refresh_from_db()
    assert (propuesta.apoyos, Apoyo.objects.count()) == (0, 0)
    retiro = Acto.objects.get(tipo="apoyo_retirado")
    assert retiro.anula == Acto.objects.get(tipo="apoyo")
    client.post(url)  # y puede volver a apoyar
    call_command("verificar_registro")


def test_apoyar_sin_sesion_lleva_a_entrar(client):
    propuesta = f.publicada(f.reto())
    respuesta = client.post(f"/propuestas/{propuesta.pk}/apoyar/")
    assert respuesta.url == f"/cuenta/login/?next=/propuestas/{propuesta.pk}/"
    assert not Apoyo.objects.exists()


def test_apoyar_con_htmx_devuelve_solo_el_boton(client):
    propuesta = f.publicada(f.reto())
    client.force_login(f.persona())
    respuesta = client.post(f"/propuestas/{propuesta.pk}/apoyar/", headers={"HX-Request": "true"})
    assert respuesta.status_code == 200 and "<html" not in respuesta.text
    assert "Retirar mi apoyo" in respuesta.text


def test_apoyar_tras_el_cierre_se_rechaza(client):
    propuesta = f.publicada(f.reto())
    Ejercicio.objects.update(cierre=timezone.now())
    client.force_login(f.persona())
    respuesta = client.post(f"/propuestas/{propuesta.pk}/apoyar/", follow=True)
    assert "Ya no se puede apoyar propuestas" in respuesta.text
    assert not Apoyo.objects.exists()


@pytest.mark.parametrize("estado", [E.ENVIADA, E.DEVUELTA, E.RECHAZADA, E.BORRADOR])
def test_apoyar_lo_no_publicado_no_existe_para_los_demas(client, estado):
    autor = f.persona()
    propuesta = f.borrador(f.reto(), autor)
    llevar(propuesta, estado)
    client.force_login(f.persona())
    assert client.post(f"/propuestas/{propuesta.pk}/apoyar/").status_code == 404
    client.force_login(autor)
    client.post(f"/propuestas/{propuesta.pk}/apoyar/")
    assert not Apoyo.objects.exists()


def test_apoyar_por_get_o_sin_csrf_no_cambia_nada():
    propuesta, ana = f.publicada(f.reto()), f.persona()
    assert cliente_de(ana).get(f"/propuestas/{propuesta.pk}/apoyar/").status_code == 405
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(ana)
    assert cliente.post(f"/propuestas/{propuesta.pk}/apoyar/").status_code == 403
    assert not Apoyo.objects.exists()


# --- Texto inerte, retiro -----------------------------------------------------------------------------------

VENENO = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_html_de_las_personas_es_inerte_en_paginas_y_correos(client, trabajar, mailoutbox):
    ana = f.persona(nombre=VENENO[:60])
    reto = f.reto()
    org = f.organizacion(ana, nombre="<b>Negrita</b>")
    propuesta = f.publicada(reto, ana, titulo=VENENO[:100], resumen=VENENO, descripcion=VENENO, en_nombre_de=org)
    for url in (f"/propuestas/{propuesta.pk}/", f"{reto.url}propuestas/", reto.url):
        pagina = client.get(url).text
        assert "<script>alert" not in pagina and "<img src=x" not in pagina and "<b>Negrita" not in pagina
        assert "&lt;script&gt;alert" in pagina
    client.force_login(ana)
    for url in ("/mis-propuestas/", "/mi-cuenta/", f"/propuestas/{propuesta.pk}/", f"/propuestas/{propuesta.pk}/retirar/"):
        pagina = client.get(url).text
        assert "<script>alert" not in pagina and "<img src=x" not in pagina
    trabajar()
    assert len(mailoutbox) == 2
    assert all(type(correo) is EmailMessage and correo.content_subtype == "plain" for correo in mailoutbox)


def test_html_importado_solo_conserva_el_formato(client):
    propuesta = f.publicada(f.reto())
    sucio = f'<p onclick="x()">Hola <strong>mundo</strong></p>{VENENO}<a href="javascript:alert(3)">a</a>'
    Propuesta.objects.filter(pk=propuesta.pk).update(descripcion_html=sucio)
    pagina = client.get(f"/propuestas/{propuesta.pk}/").text
    assert "<p>Hola <strong>mundo</strong></p>" in pagina
    assert "onclick" not in pagina and "javascript:" not in pagina and "<script>alert" not in pagina


def test_retirar_publicada_queda_como_retirada(client):
    ana = f.persona()
    propuesta = f.publicada(f.reto(), ana)
    client.force_login(ana)
    assert "Retirar" in client.get(f"/propuestas/{propuesta.pk}/retirar/").text
    client.post(f"/propuestas/{propuesta.pk}/retirar/")
    assert "Retirada por su autor" in Client().get(f"/propuestas/{propuesta.pk}/").text


def test_cuenta_suprimida_no_deja_el_nombre(client):
    ana = f.persona(nombre="Casilda", apellido="Irrepetible")
    reto = f.reto()
    propuesta = f.publicada(reto, ana)
    urls = (f"/propuestas/{propuesta.pk}/", f"{reto.url}propuestas/")
    assert all("Casilda Irrepetible" in client.get(url).text for url in urls)
    suprimir_datos(participante=ana.participante, sitio=f.sitio())
    assert not any("Casilda" in client.get(url).text for url in urls)
    assert all("Persona que retiró sus datos" in client.get(url).text for url in urls)


def test_usuario_anonimo_nunca_es_autor():
    from retos.rules import es_autor

    propuesta = f.publicada(f.reto())
    propuesta.autor.cuenta = None
    assert not es_autor.test(AnonymousUser(), propuesta)


# --- La página del reto manda -------------------------------------------------------------------------------


def todo_lo_del_reto(reto, propuesta, adjunto):
    return [f"{reto.url}propuestas/", f"{reto.url}proponer/", f"/propuestas/{propuesta.pk}/", f"/adjuntos/{adjunto.clave}/"]


def test_reto_restringido_esconde_todo_lo_suyo():
    adjunto = adjuntos.guardar(archivo=f.pdf(), participante=None)
    reto = f.reto("Reto reservado")
    propuesta = f.publicada(reto, adjunto=adjunto)
    urls = todo_lo_del_reto(reto, propuesta, adjunto)
    vecina = f.persona()
    assert [responde(None, url) for url in urls] == [200] * 4
    PageViewRestriction.objects.create(page=reto.get_parent(), restriction_type="login")
    assert [responde(None, url) for url in urls] == [302, 302, 302, 404]
    assert [responde(vecina, url) for url in urls] == [200] * 4
    assert "Reto reservado" not in Client().get("/").text
    Client().post(f"/propuestas/{propuesta.pk}/apoyar/")
    assert not Apoyo.objects.exists()


def test_reto_despublicado_esconde_todo_lo_suyo():
    adjunto = adjuntos.guardar(archivo=f.pdf(), participante=None)
    reto, autor = f.reto(), f.persona()
    propuesta = f.publicada(reto, autor, adjunto=adjunto)
    urls = todo_lo_del_reto(reto, propuesta, adjunto)
    reto.unpublish()
    assert [responde(None, url) for url in urls] == [404] * 4
    assert [responde(autor, url) for url in urls] == [404, 404, 200, 200]


@pytest.mark.parametrize("slug", ["informe", "decision", "preguntas", "votos"])
def test_otra_seccion_puede_tener_una_pagina_con_el_nombre_de_una_direccion_de_los_retos(client, slug):
    portada = f.sitio().root_page
    seccion = portada.add_child(instance=ContenidoPage(title="Transparencia", slug="transparencia"))
    seccion.add_child(instance=ContenidoPage(title="Gestión de 2026", slug=slug))
    respuesta = client.get(f"/transparencia/{slug}/")
    assert respuesta.status_code == 200 and "Gestión de 2026" in respuesta.content.decode()
    assert client.get(f"/otra/{slug}/").status_code == 404


def test_un_reto_publicado_antes_de_tener_reglas_propias_se_sigue_viendo(client):
    """Lo que se publicó con la primera versión no tiene `Reto` hasta que se vuelve a publicar."""
    reto, ana = f.reto(), f.persona()
    propuesta = f.publicada(reto, ana)
    Reto.objects.all().delete()
    for url in (reto.url, f"{reto.url}propuestas/", f"{reto.url}votos/", f"{reto.url}informe/", propuesta.get_absolute_url()):
        assert client.get(url).status_code in (200, 404), url
    client.force_login(ana)
    assert client.get(f"/propuestas/{propuesta.pk}/").status_code == 200
    client.force_login(f.personal(RolPersonal.GESTION))
    for parte in ("convocatoria", "decision", "seguimiento", "versiones", "informe"):
        assert client.get(f"/admin/programa/{parte}/{reto.ejercicio.pk}/").status_code in (200, 404), parte
