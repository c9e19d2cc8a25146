import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cuentas.enums import RolPersonal
from participacion.adjuntos import actions as adjuntos
from participacion.moderacion.enums import CON_MOTIVO, DE_MODERADOR, Decision
from participacion.moderacion.forms import MOTIVOS_FRECUENTES
from participacion.moderacion.models import Entrada
from retos import actions as retos
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from tests import fabricas as f

from .cola import COLA, VARIAS, pendiente, titulos, url_de

pytestmark = pytest.mark.django_db

HOSTIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture
def moderador():
    return f.personal(RolPersonal.MODERACION)


@pytest.fixture
def cliente(client, moderador):
    client.force_login(moderador)
    return client


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


def test_nadie_modera_lo_suyo(cliente, moderador):
    propuesta = f.enviada(f.reto(), f.habilitar(moderador))
    entrada = pendiente(propuesta)
    respuesta = cliente.post(url_de(entrada), {"decision": Decision.APROBADA})
    assert respuesta.status_code == 422
    assert "debe decidirla otra persona" in respuesta.text
    propuesta.refresh_from_db()
    assert propuesta.estado == EstadoPropuesta.ENVIADA


def test_lo_que_el_autor_corrige_no_se_lee_hasta_que_lo_envie(cliente):
    ana = f.persona()
    propuesta = f.enviada(f.reto(), ana)
    entrada = pendiente(propuesta)
    f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta")
    Propuesta.objects.filter(pk=propuesta.pk).update(descripcion="TODAVÍA NO ENVIADO")
    for url in (url_de(entrada), f"/propuestas/{propuesta.pk}/"):
        assert "TODAVÍA NO ENVIADO" not in cliente.get(url).text
