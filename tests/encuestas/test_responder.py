import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from cuentas.enums import TipoActor
from encuestas import conteos
from encuestas.enums import Modo, PoliticaResultados
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta, Valor, VersionFormulario
from participacion.formularios.valores import de_respuesta
from participacion.registro.models import Acto
from tests import fabricas

from .fabricas_encuestas import encuesta, pregunta
from .recorrido import direccion, enviar, ocultos, primera

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
T = TipoPregunta


@pytest.fixture(autouse=True)
def _sin_limites():
    caches["default"].clear()


def dos_paginas(**campos):
    """Página 1: nombre obligatorio, y una opción que hace aparecer otra pregunta. Página 2: una escala."""
    return encuesta(
        [
            pregunta(T.TEXTO_CORTO, "nombre", "¿Cómo le dicen?", obligatoria=True),
            pregunta(T.UNICA, "transporte", "¿En qué va?", opciones=["Bus", "Bici"], otra="Otro"),
            pregunta(T.TEXTO_LARGO, "porque", "¿Por qué en bici?", reglas=[("transporte", "igual", "transporte-o2")]),
            {"type": "pagina", "id": "pag2", "value": {"titulo": "Final", "condicion": {"reglas": [], "reunir": "todas"}}},
            pregunta(T.ESCALA, "nota", "¿Qué tal?", escala="satisfaccion", obligatoria=True),
        ],
        titulo="Transporte",
        **campos,
    )


def anonima(**campos):
    return dos_paginas(modo=Modo.ANONIMA, **campos)


# --- El camino entero --------------------------------------------------------------------


def test_responder_con_cuenta_de_principio_a_fin(client):
    pagina = dos_paginas(gracias="<p>Mil gracias</p>")
    ana = fabricas.persona()
    client.force_login(ana)
    assert "Responder" in client.get(pagina.url).content.decode()

    abierta = client.get(direccion(pagina, "responder"), follow=True)
    url = abierta.redirect_chain[-1][0]
    assert "Página 1 de 2" in abierta.content.decode()
    seguida = enviar(client, url, {"p_nombre": "Ana", "p_transporte": "transporte-o1"})
    respuesta = Respuesta.objects.get()
    assert (seguida.status_code, seguida.url) == (302, direccion(pagina, "pagina", respuesta.clave, 2))
    assert respuesta.estado == EstadoRespuesta.PARCIAL
    assert "Continuar" in client.get(pagina.url).content.decode()

    revision = enviar(client, seguida.url, {"p_nota": "5"})
    assert revision.url == direccion(pagina, "revisar", respuesta.clave)
    texto = client.get(revision.url).content.decode()
    assert "Muy satisfecho" in texto and "Bus" in texto and "Ana" in texto

    recibo = client.post(revision.url)
    assert recibo.url == direccion(pagina, "recibo", respuesta.clave)
    respuesta.refresh_from_db()
    assert (respuesta.estado, respuesta.participante, respuesta.parcial) == (EstadoRespuesta.ENVIADA, ana.participante, {})
    assert respuesta.referencia in (texto := client.get(recibo.url).content.decode())
    assert "Mil gracias" in texto
    assert de_respuesta(respuesta) == {
        "nombre": "Ana", "transporte": {"opcion": "transporte-o1", "otra": ""}, "nota": 5,
    }  # fmt: skip
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)
    assert "Ver mi recibo" in client.get(pagina.url).content.decode()


def test_no_se_promete_revisar_si_lo_contestado_puede_traer_otra_pagina(client):
    def boton(url):
        return re.search(r'value="siguiente">([^<]+)<', client.get(url).content.decode())[1]

    pagina = encuesta(
        [
            pregunta(T.SI_NO, "va", "¿Va?"),
            {"type": "pagina", "id": "p2", "value": {"titulo": "Dos", "condicion": {"reglas": [], "reunir": "todas"}}},
            pregunta(T.TEXTO_CORTO, "por", "¿Por qué?", reglas=[("va", "igual", "no")]),
        ],
        modo=Modo.ANONIMA,
    )
    assert boton(primera(pagina)) == "Siguiente"
    dos = enviar(client, primera(pagina), {"p_va": "no"}).url
    assert dos.endswith("/2/") and boton(dos) == "Revisar mis respuestas"


def test_al_revisar_se_dice_que_lo_que_falta_era_opcional(client):
    pagina = anonima()
    dos = enviar(client, primera(pagina), {"p_nombre": "Ana"}).url
    revision = client.get(enviar(client, dos, {"p_nota": "5"}).url).content.decode()
    assert revision.count("Sin responder (es opcional)") == 1  # en qué va


@pytest.mark.parametrize(
    ("politica", "enlaces", "anuncios"),
    [(PoliticaResultados.EN_VIVO, 1, 0), (PoliticaResultados.AL_CIERRE, 0, 1), (PoliticaResultados.NUNCA, 0, 0)],
)
def test_el_recibo_lleva_a_los_resultados_o_dice_cuando_se_veran(client, politica, enlaces, anuncios):
    pagina = anonima(resultados=politica)
    dos = enviar(client, primera(pagina), {"p_nombre": "Ana"}).url
    recibo = client.post(enviar(client, dos, {"p_nota": "5"}).url).url
    texto = client.get(recibo).content.decode()
    assert texto.count(f'href="{reverse("encuestas:resultados", args=[pagina.ejercicio.pk])}"') == enlaces
    assert texto.count("Los resultados se publicarán cuando cierre la encuesta") == anuncios


def test_anonima_no_pide_cuenta_ni_guarda_de_quien_es_aunque_haya_entrado(client):
    pagina = anonima()
    client.force_login(fabricas.persona())
    url = client.get(direccion(pagina, "responder")).url
    dos = enviar(client, url, {"p_nombre": "Nadie"}).url
    client.post(enviar(client, dos, {"p_nota": "1"}).url)
    respuesta = Respuesta.objects.get()
    assert (respuesta.estado, respuesta.participante) == (EstadoRespuesta.ENVIADA, None)
    assert Acto.objects.filter(participante__isnull=False).count() == 0


def test_dos_anonimas_en_el_mismo_equipo_son_dos(client):
    pagina = anonima()
    for nombre in ("Una", "Dos"):
        url = client.get(direccion(pagina, "responder")).url
        dos = enviar(client, url, {"p_nombre": nombre}).url
        client.post(enviar(client, dos, {"p_nota": "3"}).url)
    assert sorted(Valor.objects.filter(pregunta__clave="nombre").values_list("texto", flat=True)) == ["Dos", "Una"]
    # Y la página no le muestra a la segunda lo que dejó la primera.
    assert "Continuar" not in client.get(pagina.url).content.decode()


def test_preguntas_nuevas_en_la_misma_pagina_se_muestran_antes_de_seguir(client):
    pagina = anonima()
    url = primera(pagina)
    vuelta = enviar(client, url, {"p_nombre": "Ana", "p_transporte": "transporte-o2"})
    assert (vuelta.status_code, vuelta.url) == (302, f"{url}#e-porque")
    abierta = client.get(url).content.decode()
    assert "¿Por qué en bici?" in abierta and "preguntas nuevas" in abierta
    assert enviar(client, url, {"p_nombre": "Ana", "p_transporte": "transporte-o2"}).url.endswith("/2/")


def test_con_htmx_cambia_solo_lo_que_aparece_y_no_guarda_nada(client):
    pagina = anonima()
    url = primera(pagina)
    abierta = client.get(url)
    datos = ocultos(abierta) | {"p_nombre": "Ana", "p_transporte": "transporte-o2"}
    cambio = client.post(url, datos, headers={"HX-Request": "true"}).content.decode()
    assert 'id="e-porque"' in cambio and "¿Por qué en bici?" in cambio and "Pregunta nueva" in cambio
    assert 'id="e-nombre"' not in cambio and "campo__errores" not in cambio
    assert not Respuesta.objects.exists()
    sin_cambio = client.post(url, datos | {"mostradas": ocultos(abierta)["mostradas"] + ",porque"}, headers={"HX-Request": "true"})
    assert "e-porque" not in sin_cambio.content.decode()


def test_lo_oculto_se_descarta_y_no_se_cuenta(client):
    pagina = anonima()
    url = primera(pagina)
    enviar(client, url, {"p_nombre": "Ana", "p_transporte": "transporte-o2"})
    enviar(client, url, {"p_nombre": "Ana", "p_transporte": "transporte-o2", "p_porque": "SECRETO"})
    enviar(client, url, {"p_nombre": "Ana", "p_transporte": "transporte-o1"})
    respuesta = Respuesta.objects.get()
    enviar(client, direccion(pagina, "pagina", respuesta.clave, 2), {"p_nota": "2"})
    revision = direccion(pagina, "revisar", respuesta.clave)
    assert "SECRETO" not in client.get(revision).content.decode()
    client.post(revision)
    respuesta.refresh_from_db()
    assert respuesta.estado == EstadoRespuesta.ENVIADA and respuesta.parcial == {}
    assert not Valor.objects.filter(pregunta__clave="porque").exists()
    assert not Valor.objects.filter(texto__contains="SECRETO").exists()


# --- Guardar, volver, corregir ----------------------------------------------------------------


def test_guardar_para_despues_no_exige_lo_obligatorio_y_da_un_enlace(client):
    pagina = anonima()
    guardada = enviar(client, primera(pagina), {"p_transporte": "transporte-o1"}, accion="guardar")
    respuesta = Respuesta.objects.get()
    assert guardada.url == direccion(pagina, "guardada", respuesta.clave)
    enlace = direccion(pagina, "retomar", respuesta.clave)
    assert f'value="http://testserver{enlace}"' in client.get(guardada.url).content.decode()
    otro_equipo = type(client)()
    abierta = otro_equipo.get(enlace, follow=True).content.decode()
    assert 'value="transporte-o1"' in abierta and "checked" in abierta


def test_volver_a_la_pagina_anterior_guarda_lo_escrito(client):
    pagina = anonima()
    dos = enviar(client, primera(pagina), {"p_nombre": "Ana"}).url
    atras = enviar(client, dos, {"p_nota": "4"}, accion="anterior")
    assert atras.url.endswith("/1/")
    assert Respuesta.objects.get().parcial["nota"] == 4
    assert 'value="Ana"' in client.get(atras.url).content.decode()


def test_corregir_lo_enviado_cuenta_solo_al_enviarlo_otra_vez(client):
    pagina = dos_paginas(permite_editar=True)
    ana = fabricas.persona()
    client.force_login(ana)
    uno = client.get(direccion(pagina, "responder")).url
    dos = enviar(client, uno, {"p_nombre": "Ana"}).url
    client.post(enviar(client, dos, {"p_nota": "5"}).url)
    respuesta = Respuesta.objects.get()
    assert "Corregir mi respuesta" in client.get(pagina.url).content.decode()

    uno = direccion(pagina, "pagina", respuesta.clave, 1)
    assert 'value="Ana"' in client.get(uno).content.decode()
    enviar(client, uno, {"p_nombre": "Anita"})
    assert de_respuesta(respuesta)["nombre"] == "Ana"
    client.post(direccion(pagina, "revisar", respuesta.clave))
    assert de_respuesta(respuesta) == {"nombre": "Anita", "nota": 5}
    respuesta.refresh_from_db()
    assert respuesta.parcial == {}
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)
    assert Acto.objects.filter(tipo="encuesta_respondida").count() == 1


def test_lo_enviado_no_se_reabre_si_no_se_puede_corregir(client):
    pagina = dos_paginas()
    client.force_login(fabricas.persona())
    uno = client.get(direccion(pagina, "responder")).url
    abierta = ocultos(client.get(uno))
    dos = enviar(client, uno, {"p_nombre": "Ana"}).url
    client.post(enviar(client, dos, {"p_nota": "5"}).url)
    respuesta = Respuesta.objects.get()
    recibo = direccion(pagina, "recibo", respuesta.clave)
    uno = direccion(pagina, "pagina", respuesta.clave, 1)
    # El botón «atrás», otra pestaña y un reenvío llegan al recibo.
    assert client.get(uno).url == recibo
    assert client.post(uno, abierta | {"p_nombre": "Otra", "accion": "siguiente"}).url == recibo
    assert client.get(direccion(pagina, "revisar", respuesta.clave)).url == recibo
    assert client.post(direccion(pagina, "revisar", respuesta.clave)).url == recibo
    assert client.get(direccion(pagina, "responder"), follow=True).redirect_chain[-1][0] == recibo
    assert de_respuesta(respuesta)["nombre"] == "Ana"
    assert Acto.objects.filter(tipo="encuesta_respondida").count() == 1


# --- Mala entrada -------------------------------------------------------------------------------


def test_un_error_queda_junto_a_su_pregunta_y_lo_demas_no_se_pierde(client):
    pagina = anonima()
    url = primera(pagina)
    mala = enviar(client, url, {"p_nombre": "", "p_transporte": "transporte-o1"})
    assert mala.status_code == 422
    texto = mala.content.decode()
    assert "Esta pregunta es obligatoria." in texto and 'href="#id_p_nombre"' in texto
    assert 'value="transporte-o1"' in texto and "checked" in texto
    # Lo que estaba bien ya quedó guardado: cerrar la pestaña no lo pierde.
    assert Respuesta.objects.get().parcial["transporte"]["opcion"] == "transporte-o1"


@pytest.mark.parametrize(
    ("bloque", "malo", "dice"),
    [
        (pregunta(T.NUMERO, "x", minimo=1, maximo=10), "doce", "número"),
        (pregunta(T.NUMERO, "x", minimo=1, maximo=10), "12", "10"),
        (pregunta(T.TEXTO_LARGO, "x", maximo=5000), "a" * 10_000, "5000"),
        (pregunta(T.TEXTO_CORTO, "x"), "a\x00b", "nulos"),
        (pregunta(T.FECHA, "x"), "ayer", "fecha"),
        (pregunta(T.CORREO, "x"), "no-es-correo", "correo"),
        (pregunta(T.UNICA, "x", opciones=["A", "B"]), "inventada", "válida"),
        (pregunta(T.MULTIPLE, "x", opciones=["A", "B"]), ["x-o1", "inventada"], "válida"),
        (pregunta(T.DESPLEGABLE, "x", opciones=["A", "B"]), "inventada", "válida"),
        (pregunta(T.ESCALA, "x", escala="nps"), "11", "válida"),
        (pregunta(T.SI_NO, "x"), "quizá", "válida"),
    ],
    ids=lambda v: v["type"] if isinstance(v, dict) else "",
)  # fmt: skip
def test_lo_que_no_puede_ser_respuesta_se_dice_en_su_campo(client, bloque, malo, dice):
    pagina = encuesta([bloque, pregunta(T.TEXTO_CORTO, "otra")], modo=Modo.ANONIMA)
    mala = enviar(client, primera(pagina), {"p_x": malo, "p_otra": "se queda"})
    texto = mala.content.decode()
    assert mala.status_code == 422
    assert dice in texto.split('id="e-x"')[1].split('id="e-otra"')[0]
    assert 'value="se queda"' in texto and "campo__errores" not in texto.split('id="e-otra"')[1]
    assert Respuesta.objects.get().parcial == {"otra": "se queda"}


def test_preguntas_inventadas_no_entran(client):
    pagina = anonima()
    enviar(client, primera(pagina), {"p_nombre": "Ana", "p_inventada": "x", "p_nota": "5"})
    assert Respuesta.objects.get().parcial == {"nombre": "Ana", "transporte": None, "porque": None}


def test_texto_larguisimo_se_devuelve_entero(client):
    pagina = encuesta([pregunta(T.TEXTO_LARGO, "x")], modo=Modo.ANONIMA)
    largo = "palabra " * 1_250
    assert largo.strip() in enviar(client, primera(pagina), {"p_x": largo}).content.decode()


def test_paginas_que_no_existen_o_claves_falsas(client):
    pagina = anonima()
    nueva = direccion(pagina, "pagina", uuid.uuid4(), 2)
    assert client.get(nueva).url.endswith("/1/")
    assert client.get(direccion(pagina, "pagina", uuid.uuid4(), 9)).status_code == 404
    assert client.get(direccion(pagina, "recibo", uuid.uuid4())).status_code == 404
    assert client.get(direccion(pagina, "retomar", uuid.uuid4())).status_code == 404
    assert client.get(direccion(pagina, "guardada", uuid.uuid4())).status_code == 404
    assert client.get("/encuestas/999999999999999999999999/responder/").status_code == 404


def test_enviar_con_obligatorias_sin_contestar_se_rechaza(client):
    pagina = anonima()
    enviar(client, primera(pagina), {"p_transporte": "transporte-o1"}, accion="guardar")
    respuesta = Respuesta.objects.get()
    revision = direccion(pagina, "revisar", respuesta.clave)
    assert "Faltan 2 respuestas obligatorias" in client.get(revision).content.decode()
    enviada = client.post(revision)
    assert enviada.status_code == 422
    respuesta.refresh_from_db()
    assert respuesta.estado == EstadoRespuesta.PARCIAL
    assert respuesta.parcial["transporte"]["opcion"] == "transporte-o1"


# --- Cambios entretanto ---------------------------------------------------------------------------


def test_publicar_de_nuevo_no_le_cambia_el_formulario_a_quien_ya_empezo(client):
    pagina = anonima()
    enviar(client, primera(pagina), {"p_nombre": "Ana"})
    respuesta = Respuesta.objects.get()
    bloques = pagina.formulario.get_prep_value()
    bloques[1]["value"]["opciones"] = [
        {"type": "item", "id": "transporte-o1", "value": {"texto": "Buseta"}},
        {"type": "item", "id": "nueva", "value": {"texto": "A pie"}},
    ]
    bloques[2]["value"]["condicion"]["reglas"] = []
    pagina.formulario = bloques
    pagina.save_revision().publish()
    assert VersionFormulario.objects.count() == 2

    uno = direccion(pagina, "pagina", respuesta.clave, 1)
    abierta = client.get(uno).content.decode()
    assert "Bici" in abierta and "A pie" not in abierta
    enviar(client, uno, {"p_nombre": "Ana", "p_transporte": "transporte-o2"})
    enviar(client, uno, {"p_nombre": "Ana", "p_transporte": "transporte-o2"})
    enviar(client, direccion(pagina, "pagina", respuesta.clave, 2), {"p_nota": "1"})
    assert client.post(direccion(pagina, "revisar", respuesta.clave)).status_code == 302
    assert Valor.objects.filter(opcion__clave="transporte-o2").count() == 1
    # Quien llega después ve la nueva.
    assert "A pie" in client.get(primera(pagina)).content.decode()


def test_publicar_entre_ver_la_primera_pagina_y_enviarla(client):
    pagina = anonima()
    url = primera(pagina)
    vista = ocultos(client.get(url))
    bloques = pagina.formulario.get_prep_value()
    bloques[1]["value"]["opciones"].pop()
    bloques[2]["value"]["condicion"]["reglas"] = []
    pagina.formulario = bloques
    pagina.save_revision().publish()
    envio = client.post(url, vista | {"p_nombre": "Ana", "p_transporte": "transporte-o2", "accion": "siguiente"})
    assert envio.status_code == 302
    assert Respuesta.objects.get().version.numero == 1
    # Un sello falso vale como ninguno: responde la que rige.
    falsa = client.post(primera(pagina), vista | {"version": "1:x", "p_nombre": "Ana", "p_transporte": "transporte-o2"})
    assert falsa.status_code == 422


def test_si_cierra_mientras_responde_se_dice_y_lo_escrito_queda(client):
    pagina = anonima()
    dos = enviar(client, primera(pagina), {"p_nombre": "Ana"}).url
    vista = ocultos(client.get(dos))
    Ejercicio.objects.update(cierre=timezone.now() - timedelta(minutes=1))
    tarde = client.post(dos, vista | {"p_nota": "5", "accion": "siguiente"})
    assert tarde.status_code == 422 and "ya cerró" in tarde.content.decode()
    respuesta = Respuesta.objects.get()
    assert (respuesta.estado, respuesta.parcial["nota"]) == (EstadoRespuesta.PARCIAL, 5)
    revision = direccion(pagina, "revisar", respuesta.clave)
    assert client.post(revision).status_code == 422
    assert "no alcanzó a enviarse" in client.get(revision).content.decode()
    Ejercicio.objects.update(cierre=timezone.now() + timedelta(days=1))
    assert client.post(revision).status_code == 302


@pytest.mark.parametrize(("apertura", "dice"), [(timedelta(days=2), "aún no abre"), (timedelta(days=-9), "ya cerró")])
def test_fuera_de_plazo_no_se_empieza(client, apertura, dice):
    ahora = timezone.now()
    pagina = anonima(apertura=ahora + apertura, cierre=ahora + apertura + timedelta(days=1))
    assert dice in client.get(direccion(pagina, "responder")).content.decode()
    assert client.post(primera(pagina), {"p_nombre": "x", "mostradas": "nombre"}).status_code == 422
    assert not Respuesta.objects.exists()
    assert "Responder<" not in client.get(pagina.url).content.decode()


def test_despublicada_no_existe(client):
    pagina = anonima()
    pagina.unpublish()
    assert client.get(direccion(pagina, "responder")).status_code == 404


# --- Quién ---------------------------------------------------------------------------------------


def test_dos_pestanas_con_la_misma_cuenta_llegan_a_una_respuesta(client):
    pagina = dos_paginas()
    client.force_login(fabricas.persona())
    a, b = primera(pagina), primera(pagina)
    vista_b = ocultos(client.get(b))
    enviar(client, a, {"p_nombre": "Desde A"})
    segunda = client.post(b, vista_b | {"p_nombre": "Desde B", "accion": "siguiente"})
    respuesta = Respuesta.objects.get()
    assert segunda.url == direccion(pagina, "pagina", respuesta.clave, 2)
    assert respuesta.parcial["nombre"] == "Desde B"


def test_dos_pestanas_en_paginas_distintas_no_se_pisan(client):
    pagina = anonima()
    uno = primera(pagina)
    dos = enviar(client, uno, {"p_nombre": "Ana"}).url
    vista_dos = ocultos(client.get(dos))
    enviar(client, uno, {"p_nombre": "Ana María"})
    client.post(dos, vista_dos | {"p_nota": "2", "accion": "siguiente"})
    assert Respuesta.objects.get().parcial | {"transporte": None} == {
        "nombre": "Ana María", "transporte": None, "porque": None, "nota": 2,
    }  # fmt: skip


@pytest.mark.parametrize("nombre", ["pagina", "revisar", "recibo", "guardada", "retomar"])
def test_la_respuesta_de_una_cuenta_no_la_abre_nadie_mas(client, nombre):
    pagina = dos_paginas()
    client.force_login(fabricas.persona())
    enviar(client, client.get(direccion(pagina, "responder")).url, {"p_nombre": "CONFIDENCIAL"})
    respuesta = Respuesta.objects.get()
    url = direccion(pagina, nombre, respuesta.clave, *([1] if nombre == "pagina" else []))
    otra = type(client)()
    anonimo = otra.get(url)
    assert anonimo.status_code == 302 and "/cuenta/login/" in anonimo.url
    otra.force_login(fabricas.persona())
    assert otra.get(url).status_code == 404
    assert otra.post(url, {"p_nombre": "robo"}).status_code in (404, 405)
    respuesta.refresh_from_db()
    assert respuesta.parcial["nombre"] == "CONFIDENCIAL"


def test_la_anonima_no_se_abre_por_otra_encuesta_ni_anulada(client):
    pagina, otra = anonima(), encuesta([pregunta(T.SI_NO, "x")], modo=Modo.ANONIMA)
    enviar(client, primera(pagina), {"p_nombre": "CONFIDENCIAL"})
    respuesta = Respuesta.objects.get()
    ajena = client.get(direccion(otra, "pagina", respuesta.clave, 1))
    assert "CONFIDENCIAL" not in ajena.content.decode()
    Respuesta.objects.update(estado=EstadoRespuesta.ANULADA)
    assert client.get(direccion(pagina, "pagina", respuesta.clave, 1)).status_code == 404


def test_la_que_entro_en_papel_no_se_abre_con_su_clave(client):
    pagina = anonima()
    enviar(client, primera(pagina), {"p_nombre": "CONFIDENCIAL"})
    respuesta = Respuesta.objects.get()
    Respuesta.objects.update(canal="papel")
    assert client.get(direccion(pagina, "retomar", respuesta.clave)).status_code == 404


def test_sin_entrar_lo_escrito_vuelve_tras_ingresar(client):
    pagina = dos_paginas()
    url = primera(pagina)
    datos = {"rescatable": "1", "mostradas": "nombre,transporte", "p_nombre": "Sin sesión", "p_transporte": "transporte-o2"}
    ida = client.post(url, datos)
    assert ida.status_code == 302 and "/cuenta/login/" in ida.url
    assert not Respuesta.objects.exists()
    client.force_login(fabricas.persona())
    abierta = client.get(url).content.decode()
    assert 'value="Sin sesión"' in abierta and "antes de entrar" in abierta and "¿Por qué en bici?" in abierta
    assert client.get(f"{url}?descartar=1").status_code == 302
    assert "Sin sesión" not in client.get(url).content.decode()


def test_lo_que_falta_se_dice_y_lo_escrito_espera(client):
    pagina = dos_paginas()
    client.force_login(fabricas.cuenta())
    entrada = client.get(direccion(pagina, "responder")).content.decode()
    assert "Antes de responder" in entrada and "Completar mi perfil" in entrada
    url = primera(pagina)
    ida = client.post(url, {"rescatable": "1", "mostradas": "nombre", "p_nombre": "Ana"})
    assert ida.url == f"{direccion(pagina, 'responder')}?next={url}"
    assert not Respuesta.objects.exists()


def test_a_quien_no_le_corresponde_se_le_dice_antes_de_empezar(client):
    pagina = dos_paginas(actores=[TipoActor.UNIVERSIDAD])
    ana = fabricas.persona()
    client.force_login(ana)
    assert "sólo para" in client.get(direccion(pagina, "responder")).content.decode()
    fabricas.organizacion(ana, TipoActor.UNIVERSIDAD)
    assert client.get(direccion(pagina, "responder")).status_code == 302


def test_en_nombre_de_una_organizacion(client):
    pagina = dos_paginas()
    ana = fabricas.persona()
    suya, ajena = fabricas.organizacion(ana), fabricas.organizacion(fabricas.persona())
    client.force_login(ana)
    dos = enviar(client, client.get(direccion(pagina, "responder")).url, {"p_nombre": "Ana"}).url
    revision = enviar(client, dos, {"p_nota": "5"}).url
    assert suya.nombre in client.get(revision).content.decode()
    assert client.post(revision, {"organizacion": ajena.pk}).status_code == 422
    assert client.post(revision, {"organizacion": suya.pk}).status_code == 302
    assert Respuesta.objects.get().organizacion == suya


def test_demasiadas_desde_una_direccion_no_pierde_lo_escrito(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"encuesta_anonima": "2/h/ip"}
    pagina = anonima()
    for _vez in range(2):
        assert enviar(client, primera(pagina), {"p_nombre": "Ana"}).status_code == 302
    tercera = enviar(client, primera(pagina), {"p_nombre": "La tercera"})
    assert tercera.status_code == 429 and 'value="La tercera"' in tercera.content.decode()
    assert Respuesta.objects.count() == 2


def test_el_orden_al_azar_es_el_mismo_para_la_misma_respuesta(client):
    opciones = [f"Opción {n}" for n in range(12)]
    pagina = encuesta([pregunta(T.UNICA, "x", opciones=opciones, al_azar=True)], modo=Modo.ANONIMA)

    def orden(url):
        texto = client.get(url).content.decode()
        return sorted(opciones, key=lambda opcion: texto.index(f" {opcion}<" if f" {opcion}<" in texto else opcion))

    url = primera(pagina)
    assert orden(url) == orden(url)
    assert len({tuple(orden(primera(pagina))) for _ in range(5)}) > 1


@pytest.mark.parametrize("cuantas", [1, 3])
def test_mis_encuestas(client, django_assert_num_queries, cuantas):
    ana, beto = fabricas.persona(), fabricas.persona()
    for _n in range(cuantas):
        pagina = dos_paginas() if _n == 0 else encuesta([pregunta(T.TEXTO_CORTO, "nombre")], titulo=f"Otra {_n}")
        for quien in (ana, beto):
            client.force_login(quien)
            enviar(client, client.get(direccion(pagina, "responder")).url, {"p_nombre": quien.first_name})
    client.force_login(ana)
    client.get("/mis-respuestas/")
    with django_assert_num_queries(5):
        texto = client.get("/mis-respuestas/").content.decode()
    assert texto.count(">Continuar<") == cuantas


def test_la_pagina_dice_como_se_responde_y_cuanto_toma(client):
    texto = client.get(anonima().url).content.decode()
    assert "Anónima: no controlamos quién responde" in texto and "Cerca de" in texto
    texto = client.get(encuesta([pregunta(T.SI_NO, "x")], secreta=True).url).content.decode()
    assert "Secreta: sabemos que usted respondió" in texto
    texto = client.get(encuesta([pregunta(T.SI_NO, "x")], modo=Modo.CODIGO).url).content.decode()
    assert "código de un solo uso" in texto
