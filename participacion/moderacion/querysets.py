from participacion.ejercicios.querysets import ReferenciaQuerySet


class EntradaQuerySet(ReferenciaQuerySet):
    def pendientes(self):
        """Las que esperan decisión."""
        return self.filter(decision="")

    def decididas(self):
        return self.exclude(decision="")

    def en_sitios_de(self, usuario, roles):
        """Las de los sitios donde la cuenta tiene alguno de los roles."""
        if usuario.is_superuser:
            return self
        return self.filter(sitio__in=usuario.asignaciones.filter(grupo__name__in=roles).values("sitio"))
