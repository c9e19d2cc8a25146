from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.menu import admin_menu
from wagtail.models import Page, Site

from cuentas.enums import RolPersonal, TipoActor
from participacion.adjuntos import actions as adjuntos
from participacion.moderacion.enums import CON_MOTIVO, DE_MODERADOR, Decision
from participacion.moderacion.forms import MOTIVOS_FRECUENTES
from participacion.moderacion.models import Entrada
from participacion.moderacion.views import POR_PAGINA
from retos import actions as retos
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = pytest.mark.django_db

COLA = "/admin/moderacion/"
VARIAS = "/admin/moderacion/aprobar/"
# Con sesión, cuenta y permisos; sin el menú, que crece con las otras salas.
CONSULTAS_COLA = 11
CONSULTAS_ENTRADA = 15
HOSTIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def url_de(entrada):
    return reverse("moderacion:entrada", args=[entrada.pk])


def pendiente(propuesta):
    return Entrada.objects.de(propuesta).pendientes().get()


def otro_sitio():
    raiz = Page.objects.get(depth=1).add_child(instance=Page(title="Otra entidad", slug="otra-entidad"))
    return Site.objects.create(hostname="otra.example.org", site_name="Otra entidad", root_page=raiz)


def titulos(respuesta):
    return [entrada.titulo for entrada in respuesta.context["object_list"]]


@pytest.fixture
def moderador():
    return f.personal(RolPersonal.MODERACION)


@pytest.fixture
def cliente(client, moderador):
    client.force_login(moderador)
    return client


@pytest.fixture
def sin_menu(monkeypatch):
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])


def encolar(reto, cuantas):
    """Entradas sin pasar por el envío, una por propuesta, de la más nueva a la más antigua."""
    autor = f.cuentas.participante_de(f.persona())
    ahora = timezone.now()
    for i in range(cuantas):
        propuesta = Propuesta.objects.create(
            ejercicio=reto.ejercicio, autor=autor, titulo=f"Propuesta {i}", referencia=f"R-{i}", estado="enviada"
        )
        Entrada.objects.create(
            objeto_tipo="retos.propuesta",
            objeto_id=propuesta.pk,
            sitio=reto.ejercicio.sitio,
            ejercicio=reto.ejercicio,
            titulo=propuesta.titulo,
            remitente=TipoActor.CIUDADANIA,
            recibida_en=ahora - timedelta(minutes=i),
        )


# --- Quién entra -----------------------------------------------------------------------

QUIENES = {
    "anonima": None,
    "ciudadania": lambda: f.persona(),
    "editor": lambda: f.personal(RolPersonal.EDITOR),
    "analitica": lambda: f.personal(RolPersonal.ANALITICA),
    "moderacion_de_otro_sitio": lambda: f.personal(RolPersonal.MODERACION, en=otro_sitio()),
    "moderacion": lambda: f.personal(RolPersonal.MODERACION),
    "administracion": lambda: f.personal(RolPersonal.ADMINISTRACION),
    "superusuario": lambda: f.persona(is_superuser=True),
}
A_LA_PUERTA, AL_INICIO, BIEN, NO_EXISTE = "puerta", "inicio", 200, 404


@pytest.mark.parametrize(
    ("quien", "en_cola", "en_entrada"),
    [
        ("anonima", A_LA_PUERTA, A_LA_PUERTA),
        ("ciudadania", A_LA_PUERTA, A_LA_PUERTA),
        ("editor", AL_INICIO, AL_INICIO),
        ("analitica", AL_INICIO, AL_INICIO),
        ("moderacion_de_otro_sitio", BIEN, NO_EXISTE),
        ("moderacion", BIEN, BIEN),
        ("administracion", BIEN, BIEN),
        ("superusuario", BIEN, BIEN),
    ],
)
def test_permisos_por_rol(client, settings, quien, en_cola, en_entrada):
    entrada = pendiente(f.enviada(f.reto()))
    if QUIENES[quien]:
        client.force_login(QUIENES[quien]())

    def resultado(respuesta):
        if respuesta.status_code == 302:
            puertas = {settings.WAGTAILADMIN_LOGIN_URL: A_LA_PUERTA, "/admin/": AL_INICIO}
            return puertas[respuesta.url.split("?")[0]]
        return respuesta.status_code

    assert resultado(client.get(COLA)) == en_cola
    assert resultado(client.get(url_de(entrada))) == en_entrada
    puede = en_entrada == BIEN
    client.post(VARIAS, {"entrada": [entrada.pk]})
    entrada.refresh_from_db()
    assert bool(entrada.decision) is puede
    otra = pendiente(f.enviada(f.reto()))
    respuesta = client.post(url_de(otra), {"decision": "aprobada"})
    otra.refresh_from_db()
    assert bool(otra.decision) is puede
    if not puede:
        assert resultado(respuesta) == en_entrada


def test_la_cola_muestra_solo_los_sitios_propios(client):
    f.enviada(f.reto(), titulo="De aquí")
    client.force_login(f.personal(RolPersonal.MODERACION, en=otro_sitio()))
    assert titulos(client.get(COLA)) == []
    assert "De aquí" not in client.get(COLA).content.decode()


def test_perder_el_rol_cierra_la_cola(cliente, moderador):
    entrada = pendiente(f.enviada(f.reto()))
    f.cuentas.quitar_rol(usuario=moderador, sitio=f.sitio(), rol=RolPersonal.MODERACION, actor=None)
    assert cliente.post(url_de(entrada), {"decision": "aprobada"}).status_code == 302
    entrada.refresh_from_db()
    assert entrada.decision == ""


def test_sin_ficha_csrf_no_se_decide(moderador):
    entrada = pendiente(f.enviada(f.reto()))
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(moderador)
    assert cliente.post(url_de(entrada), {"decision": "aprobada"}).status_code == 403
    assert cliente.post(VARIAS, {"entrada": [entrada.pk]}).status_code == 403
    entrada.refresh_from_db()
    assert entrada.decision == ""


def test_leer_no_cambia_nada(cliente):
    entrada = pendiente(f.enviada(f.reto()))
    assert cliente.get(url_de(entrada), {"decision": "aprobada"}).status_code == 200
    assert cliente.get(VARIAS, {"entrada": entrada.pk}).status_code == 405
    entrada.refresh_from_db()
    assert entrada.decision == ""


# --- La cola ---------------------------------------------------------------------------


def test_la_mas_antigua_primero(cliente):
    encolar(f.reto(), 3)
    assert titulos(cliente.get(COLA)) == ["Propuesta 2", "Propuesta 1", "Propuesta 0"]


def test_decididas_la_ultima_primero(cliente):
    reto = f.reto()
    primera, segunda = f.enviada(reto, titulo="Uno"), f.enviada(reto, titulo="Dos")
    f.resolver(primera, Decision.RECHAZADA, motivo="No")
    f.resolver(segunda, Decision.APROBADA)
    f.enviada(reto, titulo="Tres")
    assert titulos(cliente.get(COLA)) == ["Tres"]
    respuesta = cliente.get(COLA, {"vista": "decididas"})
    assert titulos(respuesta) == ["Dos", "Uno"]
    assert "Aprobar las marcadas" not in respuesta.content.decode()


def test_filtros(cliente):
    ana = f.persona()
    uno, dos = f.reto(), f.reto()
    f.enviada(uno, ana, titulo="Huerta en el Parque", en_nombre_de=f.organizacion(ana, tipo=TipoActor.EMPRESA))
    f.enviada(dos, titulo="Parque de la vida")
    assert titulos(cliente.get(COLA, {"texto": "parque huerta"})) == ["Huerta en el Parque"]
    assert titulos(cliente.get(COLA, {"remitente": "empresa"})) == ["Huerta en el Parque"]
    assert titulos(cliente.get(COLA, {"ejercicio": dos.ejercicio.pk})) == ["Parque de la vida"]
    assert titulos(cliente.get(COLA, {"ejercicio": dos.ejercicio.pk, "remitente": "empresa"})) == []


@pytest.mark.parametrize(
    "consulta",
    [
        {"ejercicio": "x"},
        {"ejercicio": "9" * 40},
        {"ejercicio": "1\x00"},
        {"remitente": "marciano"},
        {"texto": "a\x00b"},
        {"texto": "a" * 5000},
        {"vista": "\x00"},
        {"p": "x"},
        {"p": "99999999999999999999"},
    ],
)
def test_un_filtro_invalido_no_rompe(cliente, rf, consulta):
    f.enviada(f.reto(), titulo="Sigue aquí")
    respuesta = cliente.get(COLA, consulta)
    assert respuesta.status_code == (400 if "\x00" in "".join(consulta.values()) else 200)
    if respuesta.status_code == 200:
        assert titulos(respuesta) == ["Sigue aquí"]


def test_una_entrada_corregida_se_distingue(cliente):
    ana = f.persona()
    propuesta = f.resolver(f.enviada(f.reto(), ana), Decision.DEVUELTA, motivo="Falta el sitio")
    assert "Corregida y enviada otra vez" not in cliente.get(COLA).content.decode()
    retos.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert "Corregida y enviada otra vez" in cliente.get(COLA).content.decode()
    assert "Falta el sitio" in cliente.get(url_de(pendiente(propuesta))).content.decode()


def test_se_pagina_y_conserva_el_filtro(cliente):
    reto = f.reto()
    encolar(reto, POR_PAGINA + 1)
    respuesta = cliente.get(COLA, {"ejercicio": reto.ejercicio.pk, "p": 2})
    assert titulos(respuesta) == ["Propuesta 0"]
    assert f"ejercicio={reto.ejercicio.pk}" in respuesta.content.decode()


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_la_cola(cliente, sin_menu, django_assert_num_queries, cuantas):
    encolar(f.reto(), cuantas)
    cliente.get(COLA)
    with django_assert_num_queries(CONSULTAS_COLA):
        assert len(titulos(cliente.get(COLA))) == min(cuantas, POR_PAGINA)


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_las_decididas(cliente, sin_menu, django_assert_num_queries, cuantas):
    encolar(f.reto(), cuantas)
    Entrada.objects.update(decision="aprobada", decidida_en=timezone.now(), decidida_por=f.persona())
    cliente.get(COLA, {"vista": "decididas"})
    with django_assert_num_queries(CONSULTAS_COLA):
        assert len(titulos(cliente.get(COLA, {"vista": "decididas"}))) == min(cuantas, POR_PAGINA)


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_la_entrada(cliente, sin_menu, django_assert_num_queries, cuantas):
    encolar(f.reto(), cuantas)
    entrada = Entrada.objects.first()
    cliente.get(url_de(entrada))
    # Si ninguna la sigue, otra más busca la primera que quede.
    with django_assert_num_queries(CONSULTAS_ENTRADA + (cuantas == 1)):
        cliente.get(url_de(entrada))


# --- Decidir ---------------------------------------------------------------------------

ESTADO_TRAS = {
    Decision.APROBADA: EstadoPropuesta.PUBLICADA,
    Decision.DEVUELTA: EstadoPropuesta.DEVUELTA,
    Decision.RECHAZADA: EstadoPropuesta.RECHAZADA,
}


@pytest.mark.parametrize("decision", DE_MODERADOR)
def test_cada_decision(cliente, moderador, trabajar, decision):
    ana = f.persona()
    propuesta = f.enviada(f.reto(), ana)
    entrada = pendiente(propuesta)
    respuesta = cliente.post(url_de(entrada), {"decision": decision, "motivo": "Por esto."}, follow=True)
    assert respuesta.redirect_chain == [(COLA, 302)]
    assert "No queda nada por decidir." in respuesta.content.decode()
    entrada.refresh_from_db()
    propuesta.refresh_from_db()
    assert (entrada.decision, entrada.motivo, entrada.decidida_por) == (decision, "Por esto.", moderador)
    assert propuesta.estado == ESTADO_TRAS[decision]
    trabajar()
    assert [m.to for m in mail.outbox][-1] == [ana.email]


@pytest.mark.parametrize("decision", DE_MODERADOR)
def test_sin_motivo(cliente, decision):
    propuesta = f.enviada(f.reto())
    entrada = pendiente(propuesta)
    respuesta = cliente.post(url_de(entrada), {"decision": decision, "motivo": " \u200b "})
    entrada.refresh_from_db()
    if decision in CON_MOTIVO:
        assert respuesta.status_code == 422
        assert respuesta.context["form"].errors == {"motivo": ["Escriba el motivo: es lo que leerá quien envió."]}
        assert entrada.decision == ""
    else:
        assert entrada.decision == decision


def test_el_motivo_frecuente_va_antes_de_lo_escrito(cliente):
    entrada = pendiente(f.enviada(f.reto()))
    cliente.post(url_de(entrada), {"decision": "devuelta", "frecuente": "archivo", "motivo": "Súbalo en PDF."})
    entrada.refresh_from_db()
    assert entrada.motivo == f"{MOTIVOS_FRECUENTES['archivo']}\n\nSúbalo en PDF."


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({}, "decision"),
        ({"decision": "retirada"}, "decision"),
        ({"decision": "\x00"}, "decision"),
        ({"decision": "devuelta", "motivo": "a\x00"}, "motivo"),
        ({"decision": "devuelta", "motivo": "a" * 2001}, "motivo"),
        ({"decision": "devuelta", "motivo": "a" * 2000, "frecuente": "ajena"}, "motivo"),
        ({"decision": "devuelta", "motivo": "a", "frecuente": "inventado"}, "frecuente"),
    ],
)
def test_datos_invalidos_se_dicen_y_lo_escrito_queda(cliente, datos, campo):
    entrada = pendiente(f.enviada(f.reto()))
    respuesta = cliente.post(url_de(entrada), datos)
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [campo]
    assert respuesta.context["form"]["motivo"].value() == datos.get("motivo")
    entrada.refresh_from_db()
    assert entrada.decision == ""


def test_tras_decidir_pasa_a_la_siguiente_del_mismo_filtro(cliente):
    reto = f.reto()
    antigua, propia, saltada, nueva = (f.enviada(reto, titulo=t) for t in ("Parque A", "Parque B", "Vía", "Parque C"))
    url = url_de(pendiente(propia)) + "?texto=parque"
    respuesta = cliente.post(url, {"decision": "aprobada"}, follow=True)
    assert respuesta.redirect_chain == [(url_de(pendiente(nueva)) + "?texto=parque", 302)]
    assert "«Parque B»: aprobada. Quedan 2 por decidir." in respuesta.content.decode()
    respuesta = cliente.post(respuesta.redirect_chain[0][0], {"decision": "aprobada"}, follow=True)
    assert respuesta.redirect_chain == [(url_de(pendiente(antigua)) + "?texto=parque", 302)]
    assert pendiente(saltada)


def test_ofrece_saltar_a_la_siguiente(cliente):
    reto = f.reto()
    una, otra = pendiente(f.enviada(reto)), pendiente(f.enviada(reto))
    assert cliente.get(url_de(una)).context["siguiente"] == url_de(otra)
    assert cliente.get(url_de(otra)).context["siguiente"] == url_de(una)
    f.decidir(entrada_id=otra.pk, decision="aprobada", moderador=f.personal(RolPersonal.MODERACION))
    assert cliente.get(url_de(una)).context["siguiente"] is None


def test_decidir_lo_ya_decidido_dice_que_quien_y_cuando(cliente):
    propuesta = f.enviada(f.reto(), titulo="Una")
    entrada = pendiente(propuesta)
    f.resolver(propuesta, Decision.RECHAZADA, motivo="Primero")
    respuesta = cliente.post(url_de(entrada), {"decision": "aprobada"}, follow=True)
    texto = respuesta.content.decode()
    assert "Su decisión no se aplicó: «Una» ya estaba decidida por Pilar Soto" in texto
    assert ": rechazada." in texto
    assert "Su decisión</h2>" not in texto
    propuesta.refresh_from_db()
    entrada.refresh_from_db()
    assert (propuesta.estado, entrada.motivo) == (EstadoPropuesta.RECHAZADA, "Primero")


def test_decidir_lo_que_su_autor_retiro(cliente):
    ana = f.persona()
    propuesta = f.enviada(f.reto(), ana)
    entrada = pendiente(propuesta)
    retos.retirar_propuesta(propuesta=propuesta, actor=ana)
    respuesta = cliente.post(url_de(entrada), {"decision": "aprobada"}, follow=True)
    assert "ya estaba decidida por su autor" in respuesta.content.decode()
    propuesta.refresh_from_db()
    assert propuesta.estado == EstadoPropuesta.RETIRADA


def test_una_decidida_se_lee_y_no_se_decide(cliente):
    propuesta = f.enviada(f.reto())
    entrada = pendiente(propuesta)
    f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta el sitio")
    texto = cliente.get(url_de(entrada)).content.decode()
    assert "Ya está decidida" in texto
    assert "Falta el sitio" in texto
    assert 'name="decision"' not in texto


def test_el_adjunto_se_ofrece_y_se_descarga(cliente):
    ana = f.persona()
    adjunto = adjuntos.guardar(archivo=f.pdf("plano.pdf"), participante=f.cuentas.participante_de(ana))
    entrada = pendiente(f.enviada(f.reto(), ana, adjunto=adjunto))
    texto = cliente.get(url_de(entrada)).content.decode()
    url = reverse("adjuntos:descargar", args=[adjunto.clave])
    assert f'href="{url}">plano.pdf</a>' in texto
    assert b"".join(cliente.get(url)).startswith(b"%PDF")


def test_el_html_es_inerte_en_todas_partes(cliente):
    ana = f.persona()
    datos = {"titulo": HOSTIL, "resumen": HOSTIL, "descripcion": HOSTIL}
    propuesta = f.enviada(f.reto(), ana, **datos)
    f.resolver(propuesta, Decision.DEVUELTA, motivo=HOSTIL)
    retos.enviar_propuesta(propuesta=propuesta, actor=ana)
    entrada = pendiente(propuesta)
    anterior = Entrada.objects.de(propuesta).decididas().get()
    paginas = [
        cliente.get(COLA),
        cliente.get(COLA, {"vista": "decididas"}),
        cliente.get(COLA, {"texto": "<script>alert(1)"}),
        cliente.get(url_de(entrada)),
        cliente.get(url_de(anterior)),
        cliente.post(url_de(entrada), {"decision": "rechazada", "motivo": "a\x00" + HOSTIL}),
        cliente.post(url_de(entrada), {"decision": "aprobada"}, follow=True),
        cliente.post(url_de(entrada), {"decision": "aprobada"}, follow=True),
        cliente.post(VARIAS, {"entrada": [entrada.pk]}, follow=True),
    ]
    for pagina in paginas:
        texto = pagina.content.decode()
        assert "<script>alert" not in texto
        assert "<img src=x" not in texto
        assert "&lt;script&gt;" in texto


def test_html_importado_se_muestra_limpio(cliente):
    propuesta = f.enviada(f.reto())
    Propuesta.objects.update(descripcion_html="<p>Bien <strong>fuerte</strong></p><script>mal()</script>")
    texto = cliente.get(url_de(pendiente(propuesta))).content.decode()
    assert "<strong>fuerte</strong>" in texto
    assert "mal()" not in texto


# --- Aprobar varias ----------------------------------------------------------------------


def test_aprobar_las_marcadas(cliente):
    reto = f.reto()
    una, dos, tres = (f.enviada(reto) for _ in range(3))
    respuesta = cliente.post(VARIAS, {"entrada": [pendiente(una).pk, pendiente(tres).pk]}, follow=True)
    assert "Se aprobaron 2 entradas." in respuesta.content.decode()
    assert titulos(respuesta) == [dos.titulo]
    assert [Propuesta.objects.get(pk=p.pk).estado for p in (una, dos, tres)] == ["publicada", "enviada", "publicada"]


def test_al_aprobar_varias_lo_que_falla_no_detiene_lo_demas(cliente):
    reto = f.reto()
    una, dos, tres = (f.enviada(reto, titulo=t) for t in ("Uno", "Dos", "Tres"))
    marcadas = [pendiente(p).pk for p in (una, dos, tres)]
    f.resolver(dos, Decision.RECHAZADA, motivo="No")
    texto = cliente.post(VARIAS, {"entrada": marcadas}, follow=True).content.decode()
    assert "Se aprobaron 2 entradas." in texto
    assert "No se aprobó «Dos»: Esta entrada ya fue decidida: Rechazada." in texto
    assert [Propuesta.objects.get(pk=p.pk).estado for p in (una, dos, tres)] == ["publicada", "rechazada", "publicada"]


@pytest.mark.parametrize("marcadas", [[], ["x"], ["9" * 40], ["1\x00"], ["-1"], ["٣"], ["999999"]])
def test_aprobar_nada_valido_no_rompe(cliente, marcadas):
    f.enviada(f.reto())
    respuesta = cliente.post(VARIAS, {"entrada": marcadas}, follow=True)
    assert "Marque al menos una entrada para aprobar." in respuesta.content.decode()
    assert Entrada.objects.pendientes().count() == 1


# --- Cómo se llega -------------------------------------------------------------------------


def test_la_portada_del_administrador_lleva_a_la_cola(cliente, client):
    f.enviada(f.reto())
    texto = cliente.get("/admin/").content.decode()
    assert f'<a href="{COLA}">1 por moderar</a>' in texto
    assert "Moderaci\\u00f3n (1)" in texto
    client.force_login(f.personal(RolPersonal.EDITOR))
    texto = client.get("/admin/").content.decode()
    assert COLA not in texto


def test_la_decision_queda_en_el_historial(cliente):
    propuesta = f.enviada(f.reto())
    entrada = pendiente(propuesta)
    cliente.post(url_de(entrada), {"decision": "aprobada"})
    cliente = Client()
    cliente.force_login(f.persona(is_superuser=True))
    texto = cliente.get("/admin/reports/site-history/").content.decode()
    assert "Aprobada" in texto
    assert propuesta.titulo not in texto


# --- A la vez ------------------------------------------------------------------------------


def test_dos_deciden_a_la_vez_y_vale_una(hilos):
    for _ronda in range(3):
        propuesta = f.enviada(f.reto())
        entrada = pendiente(propuesta)
        decisiones = [
            ("aprobada", f.personal(RolPersonal.MODERACION)),
            ("rechazada", f.personal(RolPersonal.MODERACION)),
        ]

        def decidir(url, decision, quien):
            cliente = Client()
            cliente.force_login(quien)
            return lambda: cliente.post(url, {"decision": decision, "motivo": "Por esto"}, follow=True).content.decode()

        textos = hilos(*(decidir(url_de(entrada), *d) for d in decisiones))
        entrada.refresh_from_db()
        propuesta.refresh_from_db()
        assert sorted("Su decisión no se aplicó" in texto for texto in textos) == [False, True]
        assert propuesta.estado == ESTADO_TRAS[Decision(entrada.decision)]


def test_retirar_y_decidir_a_la_vez_no_se_bloquean(hilos):
    for _ronda in range(5):
        ana = f.persona()
        propuesta = f.enviada(f.reto(), ana)
        entrada = pendiente(propuesta)
        cliente = Client()
        cliente.force_login(f.personal(RolPersonal.MODERACION))
        resultados = hilos(
            lambda: cliente.post(url_de(entrada), {"decision": "devuelta", "motivo": "Por esto"}).status_code,  # noqa: B023
            lambda: retos.retirar_propuesta(propuesta=propuesta, actor=ana),  # noqa: B023
        )
        assert resultados[0] == 302
        assert not isinstance(resultados[1], Exception), repr(resultados[1])
        propuesta.refresh_from_db()
        assert propuesta.estado == EstadoPropuesta.RETIRADA
