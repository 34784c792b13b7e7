from django.http import HttpResponse
from assessments.views.doors import door


@door()
def report(request, assessment, standing):
    return HttpResponse("")


shift = report_make = report_pdf = report_state = report
