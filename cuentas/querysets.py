from django.db import models


class MembresiaQuerySet(models.QuerySet):
    def vigentes(self):
        """Las que hoy dan poder para actuar; perder la membresía lo quita al instante."""
        return self.filter(hasta__isnull=True)
