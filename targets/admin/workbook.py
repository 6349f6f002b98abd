"""A plan from one workbook: the template to fill in, the upload, what it would do, and writing it once confirmed."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import slugify

from targets.imports.reader import MOST_BYTES, Refused, too_big
from targets.imports.reference import loading, waiting
from targets.imports.reference.outcome import Outcome
from targets.imports.reference.template import template
from targets.models import Plan

from .forms import BARRED_D

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GONE = "Tệp đã được thay hoặc đã nhập xong. Tải tệp lại."


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="Tệp đã điền", error_messages={"required": "Chọn tệp Excel.", "empty": "Tệp rỗng. Chọn tệp khác."}
    )

    def clean_file(self) -> UploadedFile:
        """Refused by its size alone, before its bytes are read into memory."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(too_big().message)
        return file


class TemplateForm(forms.Form):
    plan = forms.ModelChoiceField(
        Plan.objects.all(), label="Điền sẵn theo", to_field_name="number", required=False, empty_label="Mẫu trống"
    )
    for_next = forms.BooleanField(
        label="Để lập kế hoạch tiếp theo",
        required=False,
        help_text="Chỉ lấy số liệu, chỉ tiêu và nhiệm vụ. Số hiệu, kỳ và mục tiêu để trống.",
    )


class WorkbookPages(admin.ModelAdmin):
    """Beside the list of plans."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("tu-tep/", wrap(self.from_workbook), name="targets_plan_workbook"),
            path("tu-tep/mau/", wrap(self.download_template), name="targets_plan_template"),
        ]
        return own + super().get_urls()

    def download_template(self, request: HttpRequest) -> HttpResponse:
        form = TemplateForm(request.GET)
        if not form.is_valid():
            raise Http404
        plan = form.cleaned_data["plan"]
        for_next = bool(plan and form.cleaned_data["for_next"])
        name = slugify(plan.number.translate(BARRED_D).replace("/", "-")) if plan and not for_next else "ke-hoach-moi"
        response = HttpResponse(template(plan, for_next=for_next), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response

    def from_workbook(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; see what it would do; confirm. Nothing is written before that."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "mark" in request.POST:
            return self._confirmed(request)
        form = WorkbookForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            content = form.cleaned_data["file"].read()
            try:
                outcome = loading.preview(content)
            except Refused as why:
                form.add_error("file", why.message)
            else:
                return self._shown(request, outcome, waiting.keep(content, by=request.user))
        return self._page(request, "admin/plan_workbook.html", form=form, template_form=TemplateForm())

    def _confirmed(self, request: HttpRequest) -> HttpResponse:
        """Write what was shown; should it be something else by now, show that instead."""
        file = request.POST.get("file", "")
        content = waiting.kept(file, by=request.user)
        if content is None:
            messages.error(request, GONE)
            return redirect("admin:targets_plan_workbook")
        try:
            outcome = loading.load(content, mark=request.POST["mark"])
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("admin:targets_plan_workbook")
        except loading.ShownDiffers as difference:
            messages.warning(request, str(difference))
            return self._shown(request, difference.outcome, file)
        waiting.forget(request.user)
        messages.success(request, f"Đã ghi {outcome.to_write} dòng.")
        return redirect("admin:targets_plan_changelist")

    def _shown(self, request: HttpRequest, outcome: Outcome, file: str) -> HttpResponse:
        return self._page(request, "admin/plan_preview.html", outcome=outcome, file=file)

    def _page(self, request: HttpRequest, name: str, **context: object) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Lập kế hoạch từ tệp Excel"}
        return TemplateResponse(request, name, around | context)
