"""A person at the import pages: sends a file, looks at a page, gives an answer."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies.models import User
from targets.imports.forms import AnswerForm
from targets.models import ImportBatch, Plan


def url(name: str, batch: ImportBatch | None = None) -> str:
    return reverse(f"imports:{name}", args=[batch.pk] if batch else [])


def latest() -> ImportBatch:
    return ImportBatch.objects.latest("pk")


class Person:
    """Signed in; `send` gives the answer to the form, `sent` the batch that came of it."""

    def __init__(self, user: User, plan: Plan) -> None:
        self.user, self.plan, self.client = user, plan, Client()
        self.client.force_login(user)

    def send(self, content: bytes, name: str = "Tổng hợp.xlsx", **typed):
        file = SimpleUploadedFile(name, content)
        return self.client.post(url("upload"), {"plan": self.plan.pk, "period": "", "file": file, **typed})

    def sent(self, content: bytes, name: str = "Tổng hợp.xlsx", **typed) -> ImportBatch:
        assert self.send(content, name, **typed).status_code == 302
        return latest()

    def see(self, name: str, batch: ImportBatch | None = None, **asked):
        return self.client.get(url(name, batch), asked)

    def columns(self, batch: ImportBatch, **answers):
        """Post the page of columns as it stands, with these answers over it: `muc_0_H="CT4"`."""
        form = self.see("columns", batch).context["form"]
        typed = {name: form[name].value() for name in form.fields}
        typed |= {name.replace("_", "-") if name.startswith("muc") else name: said for name, said in answers.items()}
        return self.client.post(url("columns", batch), {k: v for k, v in typed.items() if v not in (None, False)})

    def answer(self, batch: ImportBatch, act: str, place: str = "", value: str = "", **more):
        assert act in {choice for choice, _ in AnswerForm.base_fields["act"].choices}
        return self.client.post(url("answer", batch), {"act": act, "place": place, "value": value, **more})

    def take_back(self, batch: ImportBatch, act: str, place: str = ""):
        return self.answer(batch, act, place, back="1")

    def confirm(self, batch: ImportBatch, **typed):
        return self.client.post(url("confirm", batch), typed, follow=True)
