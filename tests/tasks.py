"""Tasks of the tests themselves, which the worker of the tests also knows."""

from celery import shared_task

from partnerships.models import User


@shared_task
def name_user(pk: int) -> None:
    User.objects.filter(pk=pk).update(name="named by the worker")
