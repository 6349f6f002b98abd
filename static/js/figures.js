// Vietnamese numbers in the browser: what the server's parser takes for a whole number, and how numbers are written.

// "1.234", "1 234", "1234" -> "1.234"; anything else is left as typed, for the server to name.
export function tidy(text) {
  const tight = text.trim().replace(/[\s\u00a0\u202f]/g, "");
  if (!/^\d+$|^\d{1,3}(\.\d{3})+$/.test(tight)) return text;
  return say(Number(tight.replaceAll(".", "")));
}

// The number that a text says, or null. Only what `tidy` would tidy, or a decimal comma after it.
export function number(text) {
  const tight = text.trim().replace(/[\s\u00a0\u202f]/g, "");
  if (!/^(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/.test(tight)) return null;
  return Number(tight.replaceAll(".", "").replace(",", "."));
}

// 1234.5 -> "1.234,5"
export function say(value) {
  const [whole, decimals] = String(value).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ".") + (decimals ? `,${decimals}` : "");
}

// Cut down to one decimal, never rounded up: 89.96 -> "89,9 %".
export function share(part, whole) {
  const tenths = Math.floor((part * 1000) / whole + 1e-9);
  return `${say(Math.floor(tenths / 10))},${tenths % 10}\u00a0%`;
}
