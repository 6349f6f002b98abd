// The columns and the preview of a workbook at the keyboard. Everything works without: this saves reloads and scrolling.

// What was refused is read first.
document.querySelector("[data-focus]")?.focus();

// "Sửa tại đây" opens with the cursor in its field.
for (const more of document.querySelectorAll("details.kn-more")) {
  more.addEventListener("toggle", () => {
    if (more.open) more.querySelector("input:not([type=hidden]), select").focus();
  });
}

// After an answer the page comes back to where it was.
const KEPT = `kn-import-scroll:${location.pathname}`;
const before = sessionStorage.getItem(KEPT);
sessionStorage.removeItem(KEPT);
if (before && !document.querySelector("[data-focus]")) scrollTo(0, Number(before));
for (const form of document.querySelectorAll("form[action$='/tra-loi/']")) {
  form.addEventListener("submit", () => sessionStorage.setItem(KEPT, String(scrollY)));
}
