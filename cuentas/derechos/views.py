from django.contrib.auth.decorators import login_required
from django.http import HttpResponse


@login_required
def mis_datos(request):
    return HttpResponse("pendiente")
