// Vietnamese numbers in the browser, by the same grammar as the server's parser (targets/models/numbers.py): what that
// refuses is left as typed, for the server to name.

const NUMBER = /^(\d+|[1-9]\d{0,2}([. ])\d{3}(?:\2\d{3})*)(?:,(\d+))?$/;

const read = (text) => text.replace(/[\s\u00a0\u2009\u202f\u2007]+/g, " ").trim().match(NUMBER);

// "1.234", "1 234", "1234" -> "1.234"; anything but a whole number is left as typed.
export function tidy(text) {
  const found = read(text);
  return found && found[3] === undefined && found[1].length < 16 ? say(Number(found[1].replace(/[. ]/g, ""))) : text;
}

// The number that a text says, or null.
export function number(text) {
  const found = read(text);
  return found && Number(`${found[1].replace(/[. ]/g, "")}.${found[3] ?? 0}`);
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
