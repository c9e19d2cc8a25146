from django import template

from retos.votos.avisos import enlace_de_baja

register = template.Library()
register.simple_tag(enlace_de_baja)
