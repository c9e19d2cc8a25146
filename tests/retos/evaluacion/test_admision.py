"""La revisión de requisitos, por sus pantallas."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from cuentas.enums import RolPersonal
from retos.evaluacion.actions.admision import admitir, admitir_las_que_cumplen, listas_para_admitir
from retos.models import Admision, CumplimientoRequisito, Novedad, SolicitudInformacion
from tests import fabricas as f

pytestmark = pytest.mark.django_db
REQUISITOS = [
    ("requisito", {"texto": "Adjunta el presupuesto", "subsanable": True}),
    ("requisito", {"texto": "Es del municipio", "subsanable": False}),
]


class Mundo:
    def __init__(self, cuantas=1, requisitos=REQUISITOS):
        self.pagina = f.reto(
            **f.programa("convocatoria", fases=("admisibilidad", "evaluacion", "decision")), criterios=f.criterios(100), requisitos=requisitos
        )
        moderador = f.personal(RolPersonal.MODERACION)
        self.propuestas = [f.publicada(self.pagina, moderador=moderador) for _vez in range(cuantas)]
        f.mover_reloj(self.pagina, "admisibilidad")
        self.gestion = f.personal(RolPersonal.GESTION)
        self.ejercicio = self.pagina.ejercicio
        self.raiz = f"/admin/programa/evaluacion/{self.ejercicio.pk}/requisitos/"
        self.requisitos = [r.pk for r in self.ejercicio.requisitos.order_by("orden")]

    def enviar(self, client, accion, *dicho, cual=0, **datos):
        client.force_login(self.gestion)
        marcado = {f"cumple-{pk}": valor for pk, valor in zip(self.requisitos, dicho, strict=True)}
        return client.post(f"{self.raiz}{self.propuestas[cual].pk}/", {"accion": accion, **marcado, **datos})

    def resultado(self, cual=0) -> str:
        self.propuestas[cual].refresh_from_db()
        return self.propuestas[cual].resultado


def test_admitir_pide_que_cumpla_todo(client):
    mundo = Mundo()
    for dicho in (("si", ""), ("si", "no"), ("", "")):
        respuesta = mundo.enviar(client, "admitir", *dicho)
        assert respuesta.status_code == 422
        assert "cumple todos los requisitos" in respuesta.content.decode()
    assert (mundo.resultado(), Admision.objects.count()) == ("en_estudio", 0)
    assert mundo.enviar(client, "admitir", "si", "si").status_code == 302
    assert mundo.resultado() == "admitida"
    assert Admision.objects.get().revisada_por == mundo.gestion


def test_no_admitir_pide_motivo_y_lo_cuenta(client, trabajar):
    mundo = Mundo()
    assert "Escriba por qué no se admite" in mundo.enviar(client, "no_admitir", "si", "no", motivo=" ").content.decode()
    sin_falta = mundo.enviar(client, "no_admitir", "si", "si", motivo="No es de aquí.")
    assert "Marque qué requisito no cumple" in sin_falta.content.decode()
    assert "No es de aquí." in sin_falta.content.decode()
    assert mundo.resultado() == "en_estudio"
    datos = {f"nota-{mundo.requisitos[1]}": "Vive en otro municipio", "motivo": "No es de aquí."}
    assert mundo.enviar(client, "no_admitir", "si", "no", **datos).status_code == 302
    assert mundo.resultado() == "no_admitida"
    assert Novedad.objects.filter(texto="No es de aquí.").count() == 1
    assert CumplimientoRequisito.objects.get(cumple=False).nota == "Vive en otro municipio"
    trabajar()
    assert any("No es de aquí." in m.body for m in mail.outbox)
    # Se puede corregir mientras dure la fase.
    assert mundo.enviar(client, "admitir", "si", "si").status_code == 302
    assert mundo.resultado() == "admitida"


def test_pedir_que_complete_solo_lo_subsanable(client, trabajar):
    mundo = Mundo()
    pide = {"campos": ["descripcion"], "mensaje": "Falta el presupuesto.", "vence_en": (timezone.localdate() + timedelta(days=3)).isoformat()}
    assert "no se subsana «Es del municipio»" in mundo.enviar(client, "pedir", "no", "no", **pide).content.decode()
    for falta in pide:
        assert mundo.enviar(client, "pedir", "no", "si", **{**pide, falta: ""}).status_code == 422
    viejo = {**pide, "vence_en": (timezone.localdate() - timedelta(days=3)).isoformat()}
    assert mundo.enviar(client, "pedir", "no", "si", **viejo).status_code == 422
    assert not SolicitudInformacion.objects.exists()
    assert mundo.enviar(client, "pedir", "no", "si", **pide).status_code == 302
    solicitud = SolicitudInformacion.objects.get()
    assert (solicitud.campos, solicitud.mensaje) == (["descripcion"], "Falta el presupuesto.")
    assert timezone.localtime(solicitud.vence_en).date() == timezone.localdate() + timedelta(days=4)
    trabajar()
    assert any("Falta el presupuesto." in m.body for m in mail.outbox)
    # Al decidir, ya no se espera nada.
    mundo.enviar(client, "admitir", "si", "si")
    solicitud.refresh_from_db()
    assert solicitud.anulada_en is not None


def test_admitir_de_una_vez_las_que_cumplen(client):
    mundo = Mundo(3)
    for cual, dicho in ((0, ("si", "si")), (1, ("si", "no"))):
        assert mundo.enviar(client, "guardar", *dicho, cual=cual).status_code == 302
    todas = [p.pk for p in mundo.propuestas]
    assert list(listas_para_admitir(mundo.ejercicio)) == [mundo.propuestas[0]]
    assert client.post(mundo.raiz, {"propuesta": todas[1:]}).status_code == 422
    assert client.post(mundo.raiz, {"propuesta": [*todas, "x", "9" * 40]}).status_code == 302
    assert [mundo.resultado(n) for n in range(3)] == ["admitida", "en_estudio", "en_estudio"]


def test_fuera_de_la_fase_no_se_decide_nada(client):
    mundo = Mundo()
    for fase in ("convocatoria", "evaluacion"):
        f.mover_reloj(mundo.pagina, fase)
        for accion in ("guardar", "admitir"):
            assert mundo.enviar(client, accion, "si", "si").status_code == 422
        assert mundo.enviar(client, "no_admitir", "no", "si", motivo="No.").status_code == 422
        with pytest.raises(ValidationError, match="revisar los requisitos"):
            admitir_las_que_cumplen(ejercicio=mundo.ejercicio, actor=mundo.gestion, propuestas=[mundo.propuestas[0].pk])
    assert (mundo.resultado(), Admision.objects.count()) == ("en_estudio", 0)


def test_entradas_falsas(client):
    mundo, ajeno = Mundo(), Mundo(requisitos=REQUISITOS[:1])
    assert mundo.enviar(client, "quemar", "si", "si").status_code == 422
    assert mundo.enviar(client, "admitir", "tal vez", "si").status_code == 422
    client.force_login(mundo.gestion)
    assert client.get(f"{mundo.raiz}{ajeno.propuestas[0].pk}/").status_code == 404
    with pytest.raises(ValidationError, match="no son de este reto"):
        admitir(propuesta=mundo.propuestas[0], actor=mundo.gestion, revision={ajeno.requisitos[0]: (True, "")})


def test_dos_decisiones_a_la_vez_avisan_una(hilos):
    mundo = Mundo()
    revision = {pk: (True, "") for pk in mundo.requisitos}
    hechas = hilos(*(lambda: admitir(propuesta=mundo.propuestas[0], actor=mundo.gestion, revision=revision) for _vez in range(2)))
    assert sorted(type(hecha).__name__ for hecha in hechas) == ["NoneType", "ValidationError"]
    assert Novedad.objects.count() == 1


def test_la_cola_no_consulta_mas_por_tener_mas(client, django_assert_max_num_queries):
    cuentas = []
    for cuantas in (1, 3):
        mundo = Mundo(cuantas)
        client.force_login(mundo.gestion)
        client.get(mundo.raiz)
        with django_assert_max_num_queries(40) as hechas:
            assert client.get(mundo.raiz).status_code == 200
        cuentas.append(len(hechas))
    assert cuentas[0] == cuentas[1]
