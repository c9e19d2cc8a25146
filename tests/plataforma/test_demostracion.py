from collections import Counter
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.db.models import DateTimeField, F
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image
from wagtail.models import Page, Site
from wagtail_localize.models import Translation

from cuentas.models import Organizacion, Participante, Usuario
from encuestas.models import MedidaEncuesta
from home.archivos import detectar
from home.models import Documento
from participacion.adjuntos.models import Adjunto
from participacion.apoyos.models import Apoyo
from participacion.avisos.models import Aviso
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.models import Respuesta
from participacion.moderacion.models import Entrada
from participacion.registro.models import Acto
from plataforma.demostracion import CUENTAS, cargar
from plataforma.demostracion.archivos import pdf, png
from plataforma.demostracion.retos_programa import CON_FECHA
from retos.enums import EstadoPropuesta
from retos.fases import calendario_de
from retos.models import Evaluacion, FaseReto, HitoPlan, Propuesta, RetoPage
from retos.seguimiento.semaforo import luz_de
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

MODELOS = [
    Page, Usuario, EmailAddress, Participante, Organizacion, Ejercicio, Propuesta, Entrada, Acto, Apoyo, Adjunto,
    Documento, Aviso, DBTaskResult, Respuesta, MedidaEncuesta,
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def demostracion(django_db_setup, django_db_blocker):
    """Se carga una vez para todo el módulo, en una transacción que se deshace; cada prueba va en una interior."""
    with django_db_blocker.unblock(), transaction.atomic():
        f.quitar_politica()
        cargar()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sitio():
    return Site.objects.get(is_default_site=True)


def contar(consulta, campo):
    return dict(Counter(consulta.values_list(campo, flat=True)))


def test_propuestas_por_estado():
    assert contar(Propuesta.objects, "estado") == {
        "publicada": 47,
        "enviada": 7,
        "devuelta": 4,
        "borrador": 4,
        "rechazada": 3,
        "retirada": 3,
    }


def test_propuestas_enviadas_por_tipo_de_actor():
    assert contar(Propuesta.objects.exclude(estado="borrador"), "actor_tipo") == {
        "ciudadania": 20,
        "empresa": 13,
        "organizacion": 14,
        "universidad": 12,
        "veeduria": 3,
        "entidad": 2,
    }


def test_actos_por_tipo():
    assert contar(Acto.objects, "tipo") == {
        "propuesta_enviada": 72,
        "propuesta_publicada": 49,
        "propuesta_devuelta": 12,
        "propuesta_rechazada": 3,
        "propuesta_retirada": 3,
        "apoyo": 875,
        "apoyo_retirado": 16,
        "encuesta_respondida": 446,
        "problema_enviado": 3,
        "problema_publicado": 3,
        "pregunta_enviada": 1,
        "pregunta_respondida": 1,
        "propuesta_admitida": 7,
        "propuesta_no_admitida": 1,
        "jurado_invitado": 6,
        "jurado_acepto": 6,
        "evaluacion_asignada": 21,
        "evaluacion_en_curso": 17,
        "evaluacion_enviada": 16,
        "deliberacion": 1,
        "reto_decidido": 1,
        "propuesta_elegida": 2,
        "propuesta_elegible": 1,
        "propuesta_no_elegida": 1,
        "propuesta_respondida": 5,
        "propuesta_implementacion": 2,
        "propuesta_implementada": 1,
    }


def test_decisiones_con_su_motivo():
    assert contar(Entrada.objects, "decision") == {"aprobada": 52, "devuelta": 12, "rechazada": 3, "retirada": 1, "": 7}
    assert not Entrada.objects.filter(decision__in=["devuelta", "rechazada"], motivo="").exists()


def test_registro_conforme(capsys):
    call_command("verificar_registro")
    renglones = capsys.readouterr().out.splitlines()
    assert renglones and all(renglon.endswith(": conforme") for renglon in renglones)


def test_retos_por_fase_y_propuestas():
    retos = {e.titulo: (e.fase.value, e.propuestas.count()) for e in Ejercicio.objects.filter(tipo="reto")}
    assert retos == {
        "Un Concejo que resuelve con la gente": ("abierta", 16),
        "Cuentas claras y datos que sirvan": ("abierta", 13),
        "Medir lo que se promete": ("abierta", 11),
        "Que ninguna petición se pierda": ("cerrada", 12),
        "Aprender a usar lo que se compra": ("cerrada", 8),
        "Datos confiables y sistemas para todos": ("proxima", 0),
        "Actas que se entiendan": ("cerrada", 5),
        "El Concejo en su vereda": ("cerrada", 3),
    }


def test_ningun_acto_fuera_del_plazo_de_su_reto():
    """Sin los que recorren el programa: sus actos llevan el día de la carga, y su calendario empezó hace meses."""
    actos = Acto.objects.filter(ejercicio__fases=None)
    fuera = actos.filter(ocurrido_en__gte=F("ejercicio__cierre")) | actos.filter(ocurrido_en__lt=F("ejercicio__apertura"))
    assert list(fuera) == []


def test_programa_cada_reto_llega_a_su_fase_con_lo_suyo(client):
    actas, vereda = (Ejercicio.objects.get(titulo=t) for t in ("Actas que se entiendan", "El Concejo en su vereda"))
    en_curso = [calendario_de(ejercicio).actual(timezone.now()).tipo for ejercicio in (actas, vereda)]
    assert en_curso == ["cierre", "evaluacion"]
    assert contar(actas.propuestas, "resultado") == {
        "implementacion": 1, "implementada": 1, "elegible": 1, "no_elegida": 1, "no_admitida": 1
    }  # fmt: skip
    hoy = timezone.localdate()
    luces = [luz_de(hito, hoy).value for hito in HitoPlan.objects.filter(implementacion__propuesta__resultado="implementacion")]
    assert luces == ["cumplido", "atrasado", "en_riesgo", "a_tiempo"]
    assert contar(Evaluacion.objects.filter(propuesta__ejercicio=vereda), "estado") == {"enviada": 4, "en_curso": 1, "asignada": 4}
    assert set(vereda.propuestas.values_list("anonima", flat=True)) == {True}
    for ejercicio in (actas, vereda):
        pagina = RetoPage.objects.get(title=ejercicio.titulo)
        assert pagina.errores_al_publicar() == {}  # el calendario volvió a donde lo publicó la página
        assert ejercicio.reto.criterios_publicados_en < ejercicio.apertura
        enviadas = ejercicio.propuestas.values_list("enviada_en", flat=True)
        assert all(ejercicio.apertura < enviada < ejercicio.cierre for enviada in enviadas)
    for ruta in ("decision", "respuestas", "seguimiento", "votos", "informe", "problemas", "preguntas"):
        assert client.get(f"/retos/actas-que-se-entiendan/{ruta}/").status_code == 200, ruta


def test_nada_del_programa_tiene_fecha_de_manana():
    ahora = timezone.now()
    futuras = [
        (modelo.__name__, campo.name)
        for modelo in CON_FECHA
        if modelo not in (Ejercicio, FaseReto)
        for campo in modelo._meta.get_fields()
        if isinstance(campo, DateTimeField) and modelo.objects.filter(**{f"{campo.name}__gt": ahora}).exists()
    ]
    assert futuras == []


def test_cada_reto_esta_completo():
    for reto in RetoPage.objects.filter(locale__language_code="es"):
        reto.full_clean()
        assert sum(criterio.value["peso"] for criterio in reto.criterios) == 100
        fechas = [hito.value["fecha"] for hito in reto.cronograma]
        assert fechas == sorted(fechas)
        assert len(reto.documentos) == 1


def test_cargar_otra_vez_no_cambia_nada(django_assert_num_queries):
    antes = [modelo.objects.count() for modelo in MODELOS]
    with django_assert_num_queries(1):
        cargar()
    assert [modelo.objects.count() for modelo in MODELOS] == antes


def test_no_deja_correos_pendientes():
    assert not Aviso.objects.exists()
    assert not DBTaskResult.objects.filter(task_path__contains="avisos").exists()
    assert mail.outbox == []


def test_todas_las_paginas_responden(client):
    paginas = Page.objects.filter(depth__gte=2)
    assert paginas.count() == 30
    estados = {pagina.url_path: client.get(pagina.get_url()).status_code for pagina in paginas}
    assert {ruta: estado for ruta, estado in estados.items() if estado != 200} == {}


def test_menu_cabe_en_siete(client, sitio):
    assert [p.title for p in sitio.root_page.get_children().in_menu()] == [
        "Retos",
        "¿Qué es Participa?",
        "Cómo participar",
        "Encuestas y foros",
    ]


def test_toda_pagina_dice_que_es_demostracion(client):
    for direccion in ("/", "/en/", "/retos/", "/accesibilidad/"):
        assert "Concejo Municipal de Cartago (demostración)" in client.get(direccion).content.decode()
    assert "Este sitio es una demostración" in client.get("/").content.decode()
    assert "This site is a demonstration" in client.get("/en/").content.decode()


def test_ingles_completo(client):
    ingles = Page.objects.filter(locale__language_code="en", depth__gte=2).order_by("path")
    assert [(p.get_url(), p.title) for p in ingles] == [
        ("/en/", "Home"),
        ("/en/personal-data-policy/", "Personal data policy"),
        ("/en/challenges/", "Challenges"),
        ("/en/challenges/a-council-that-solves-with-people/", "A Council that solves problems with people"),
        ("/en/challenges/clear-accounts-and-useful-data/", "Clear accounts and data that are useful"),
        ("/en/what-is-participa/", "What is Participa?"),
        ("/en/surveys-and-forums/", "Surveys and forums"),
        ("/en/surveys-and-forums/baseline-service-and-trust/", "Baseline: service and trust in the Council"),
        ("/en/surveys-and-forums/follow-up-service-and-trust/", "Follow-up: service and trust in the Council"),
    ]
    for traduccion in Translation.objects.all():
        total, traducidos = traduccion.get_progress()
        assert total == traducidos
    reto = client.get("/en/challenges/clear-accounts-and-useful-data/").content.decode()
    for texto in ("you must open a scanned PDF", "Law 1712 of 2014", "Reuse", "First prototype open to the public"):
        assert texto in reto
    assert "Reutilización" not in reto


def test_traducido_comparte_ejercicio():
    paginas = RetoPage.objects.filter(slug__in=["cuentas-claras-y-datos-que-sirvan", "clear-accounts-and-useful-data"])
    assert len({pagina.ejercicio.pk for pagina in paginas}) == 1
    assert len({pagina.ejercicio.cierre for pagina in paginas}) == 1


def test_detalle_de_cada_propuesta(client):
    responden = contar_respuestas(client)
    assert responden == {
        ("publicada", 200): 47,
        ("retirada", 200): 2,
        ("retirada", 404): 1,
        ("enviada", 404): 7,
        ("devuelta", 404): 4,
        ("borrador", 404): 4,
        ("rechazada", 404): 3,
    }


def contar_respuestas(client):
    return dict(
        Counter((p.estado, client.get(p.get_absolute_url()).status_code) for p in Propuesta.objects.order_by("pk"))
    )


@pytest.mark.parametrize(("correo", "clave", "papel"), CUENTAS)
def test_cada_cuenta_entra(client, correo, clave, papel):
    usuario = Usuario.objects.get(email=correo)
    validate_password(clave, usuario)
    respuesta = client.post(reverse("account_login"), {"login": correo, "password": clave})
    assert (respuesta.status_code, respuesta.url) == (302, reverse("cuentas:mi_cuenta"))
    es_personal = correo.split("@")[0] not in {"ciudadana", "empresa", "universidad"}
    assert usuario.has_perm("wagtailadmin.access_admin") is es_personal


def test_solo_las_cuentas_anunciadas_tienen_clave():
    con_clave = {usuario.email for usuario in Usuario.objects.all() if usuario.has_usable_password()}
    assert con_clave == {correo for correo, _clave, _papel in CUENTAS}


def test_cada_quien_encuentra_lo_suyo():
    def de(usuario):
        return contar(Propuesta.objects.filter(autor__cuenta__email=f"{usuario}@demo.example"), "estado")

    assert de("ciudadana") == {"publicada": 2, "borrador": 1}
    assert de("empresa") == {"publicada": 4, "devuelta": 1}
    assert de("universidad") == {"publicada": 2, "enviada": 1, "devuelta": 1}


def test_adjuntos_son_lo_que_dicen():
    adjuntos = Adjunto.objects.filter(objeto_tipo="retos.propuesta")
    assert contar(adjuntos, "tipo_mime") == {"application/pdf": 9, "image/png": 6}
    assert Adjunto.objects.count() == 15
    for adjunto in adjuntos:
        with adjunto.archivo.open() as archivo:
            archivo.name = adjunto.nombre
            assert detectar(archivo).mime == adjunto.tipo_mime


def test_reto_restringido_solo_tiene_organizaciones():
    reto = Ejercicio.objects.get(titulo="Aprender a usar lo que se compra")
    assert reto.actores == ["universidad", "empresa", "organizacion", "entidad"]
    assert set(contar(reto.propuestas, "actor_tipo")) <= set(reto.actores)


def test_corregidas_guardan_su_historia():
    corregidas = [
        propuesta
        for propuesta in Propuesta.objects.filter(estado=EstadoPropuesta.PUBLICADA)
        if list(Entrada.objects.de(propuesta).values_list("decision", flat=True)) == ["devuelta", "aprobada"]
    ]
    assert len(corregidas) == 8


def test_pdf_de_varias_hojas_apunta_a_sus_objetos():
    contenido = pdf("Título con «eñes» (y paréntesis)", ["Párrafo número uno.", "palabra " * 900])
    tabla = int(contenido.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    filas = contenido[tabla:].split(b"trailer")[0].splitlines()[3:]
    for numero, fila in enumerate(filas, 1):
        assert contenido[int(fila[:10]) :].startswith(b"%d 0 obj" % numero)
    assert contenido.count(b"/Type /Page ") == 2


def test_png_se_abre_y_mide():
    with Image.open(BytesIO(png([("Preparar", 1, 3), ("Probar", 3, 8)]))) as imagen:
        imagen.load()
        assert imagen.size == (960, 300)
