"""What the API refuses and how it says so: RFC 9457, a title in Vietnamese beside a code for programs."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import JsonResponse

# By code: the status, and the title that never changes; what is particular stands in `detail`.
TITLES = {
    "token_missing": (401, "Thiếu mã truy cập"),
    "token_unknown": (401, "Mã truy cập không đúng"),
    "token_expired": (401, "Mã truy cập đã hết hạn"),
    "token_revoked": (401, "Mã truy cập đã bị thu hồi"),
    "out_of_scope": (403, "Mã truy cập không được đọc phần này"),
    "not_found": (404, "Không tìm thấy"),
    "method_not_allowed": (405, "Giao diện này chỉ để đọc"),
    "parameter_missing": (422, "Thiếu tham số"),
    "parameter_invalid": (422, "Tham số không hợp lệ"),
    "parameter_repeated": (422, "Tham số bị lặp"),
    "parameter_unknown": (422, "Không có tham số này"),
}


class Problem(Exception):
    """A request that is not answered, and why. `parameter` names the one at fault."""

    def __init__(self, code: str, detail: str, *, parameter: str = "", headers: Mapping[str, str] | None = None):
        super().__init__(detail)
        self.code, self.detail, self.parameter, self.headers = code, detail, parameter, headers or {}

    def response(self) -> JsonResponse:
        status, title = TITLES[self.code]
        said = {"type": "about:blank", "title": title, "status": status, "code": self.code, "detail": self.detail}
        if self.parameter:
            said["parameter"] = self.parameter
        return JsonResponse(
            said,
            status=status,
            headers=self.headers,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
