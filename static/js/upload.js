// A workbook dropped or chosen, and sent with its progress in sight. Without this script the form sends itself.

const MOST_BYTES = 10 * 1024 * 1024;

const form = document.querySelector("[data-upload]");
const drop = form.querySelector("[data-drop]");
const input = drop.querySelector("input[type=file]");
const shown = drop.querySelector("[data-file]");
const progress = form.querySelector("[data-progress]");
const bar = progress.querySelector("progress");
const status = progress.querySelector("[role=status]");
const send = form.querySelector("[data-send]");

function size(bytes) {
  const [count, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${count.toLocaleString("vi-VN", { maximumFractionDigits: unit === "MB" ? 1 : 0 })} ${unit}`;
}

function tell(text) {
  progress.hidden = false;
  status.textContent = text;
}

function choose() {
  const file = input.files[0];
  const tooBig = Boolean(file) && file.size > MOST_BYTES;
  shown.hidden = !file;
  shown.textContent = file ? `${file.name} · ${size(file.size)}` : "";
  input.setCustomValidity(tooBig ? "Tệp lớn hơn 10 MB. Xóa ảnh, trang tính không dùng rồi chọn lại." : "");
  if (tooBig) input.reportValidity();
}

function busy(yes) {
  progress.hidden = !yes;
  bar.hidden = !yes;
  send.disabled = yes;
}

// A refused file comes back as the same page with the reason on it: only its content is exchanged.
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.querySelector("[data-focus]")?.remove();
  const reason = page.querySelector("[data-focus]");
  if (!reason) return false;
  document.querySelector(".kn-import").before(document.adoptNode(reason));
  reason.focus();
  return true;
}

function sent(request) {
  if (request.status === 200) {
    location.assign(request.responseURL);
  } else if (request.status === 422 && show(request.responseText)) {
    busy(false);
  } else {
    failed(`Máy chủ không nhận tệp (${request.status}). Thử lại sau ít phút.`);
  }
}

function failed(text) {
  busy(false);
  bar.hidden = true;
  tell(text);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  const cancel = () => request.abort();
  const button = progress.querySelector("button");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = Math.round((loaded / total) * 100);
    tell(bar.value < 100 ? `Đang tải lên ${bar.value} %` : "Đang đọc tệp…");
  });
  request.addEventListener("load", () => sent(request));
  request.addEventListener("error", () => failed("Mất kết nối. Tệp chưa được gửi."));
  request.addEventListener("abort", () => failed("Đã hủy. Tệp chưa được gửi."));
  request.addEventListener("loadend", () => {
    button.removeEventListener("click", cancel);
    button.hidden = true;
  });
  button.hidden = false;
  button.addEventListener("click", cancel);
  request.open("POST", form.action);
  request.send(new FormData(form));
  busy(true);
  bar.value = 0;
  tell("Đang tải lên…");
});

function over(event) {
  event.preventDefault();
  drop.classList.add("over");
}

function dropped(event) {
  event.preventDefault();
  drop.classList.remove("over");
  input.files = event.dataTransfer.files;
  choose();
}

drop.classList.add("js");
for (const part of drop.querySelectorAll("[data-pick]")) part.hidden = false;
drop.addEventListener("dragenter", over);
drop.addEventListener("dragover", over);
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", dropped);
input.addEventListener("change", choose);
