from django.http import HttpResponse
from assessments.views.doors import door


@door()
def shift(request, assessment, standing):
    return HttpResponse("")
