from django.db.models import Q

from participacion.ejercicios.querysets import ReferenciaQuerySet

from .moderables import MODERABLES


class EntradaQuerySet(ReferenciaQuerySet):
    def pendientes(self):
        """Las que esperan decisión."""
        return self.filter(decision="")

    def visibles(self):
        """Sin las que su sala reserva por ahora."""
        consulta = self
        for clase, moderable in MODERABLES.items():
            if moderable.reservadas is not None:
                consulta = consulta.exclude(Q(objeto_tipo=clase) & moderable.reservadas())
        return consulta

    def decididas(self):
        return self.exclude(decision="")

    def en_sitios_de(self, usuario, roles):
        """Las de los sitios donde la cuenta tiene alguno de los roles."""
        if usuario.is_superuser:
            return self
        return self.filter(sitio__in=usuario.asignaciones.filter(grupo__name__in=roles).values("sitio"))
