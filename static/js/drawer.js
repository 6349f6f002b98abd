// A number's sources beside the table: the link's own page, its `#drawer` part shown without leaving this one.

const drawer = document.getElementById("ngan");
const body = drawer?.querySelector(".offcanvas-body");
let opener = null;

async function open(link) {
  const address = new URL(link.href);
  const response = await fetch(address, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.getElementById("drawer");
  if (!response.ok || !part) return location.assign(link.href); // signed out, or no such part: the page says so itself
  const title = document.createElement("h2"); // the page beneath has its own first heading
  const heading = part.querySelector("h1");
  title.append(...heading.childNodes);
  heading.replaceWith(title);
  body.replaceChildren(document.adoptNode(part));
  body.dispatchEvent(new CustomEvent("kn:shown", { bubbles: true }));
  opener = link;
  window.bootstrap.Offcanvas.getOrCreateInstance(drawer).show();
}

if (drawer) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link).catch(() => location.assign(link.href));
  });
  drawer.addEventListener("shown.bs.offcanvas", () => {
    const heading = body.querySelector("h1, h2, h3");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  });
  drawer.addEventListener("hidden.bs.offcanvas", () => opener?.focus());
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
