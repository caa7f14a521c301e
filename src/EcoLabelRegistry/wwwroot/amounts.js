// Reads amounts and quantities as people write them, and says where a text may be read in two ways.

const names = {
  元: "CNY", 人民币: "CNY", RMB: "CNY", 圆: "CNY", 円: "JPY", 圓: "TWD", 원: "KRW", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₫": "VND", "฿": "THB",
  US$: "USD", A$: "AUD", NZ$: "NZD", HK$: "HKD", NT$: "TWD", S$: "SGD", C$: "CAD", R$: "BRL", zł: "PLN", Kč: "CZK", Ft: "HUF", "Fr.": "CHF",
};
const sign = "[A-Z]{3}|[A-Z]{1,2}\\$|\\p{Sc}|kr\\.?|zł|Kč|Ft|Fr\\.|元|圆|圓|円|원|人民币";
const whole = new RegExp(`^(?<minus>[-−(]?)\\s*(?<before>${sign})?\\s*(?<minus2>[-−]?)\\s*(?<digits>[\\d.,'’ ]*\\d)\\s*(?<minus3>[-−]?)\\s*(?<behind>${sign})?\\s*(?<close>\\)?)$`, "u");

// Thousands by one sign throughout, as most of the world writes them, or by lakh and crore; then the decimals.
const byPoint = /^(?:\d+|[1-9]\d{0,2}([ ,'’])\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3})?(?:\.\d+)?$/;
const byComma = /^(?:\d+|[1-9]\d{0,2}([ .'’])\d{3}(?:\1\d{3})*)?(?:,\d+)?$/;

/**
 * What a cell says. `state` is "empty", "clear" (then `point` is the number), "unclear" (`point` with a decimal point, `comma` with a decimal comma)
 * or "unread". `currency` is an ISO 4217 code, else the sign as it stands, else "".
 */
export function readAmount(text) {
  const given = (text ?? "").normalize("NFKC").trim();
  if (given === "") {
    return { state: "empty", currency: "" };
  }

  const found = whole.exec(given)?.groups;
  if (!found || (found.minus === "(") !== (found.close === ")") || (found.before && found.behind)) {
    return { state: "unread", currency: "" };
  }

  const minus = found.minus || found.minus2 || found.minus3 ? -1 : 1;
  const currency = nameOf(found.before ?? found.behind ?? "");
  const digits = found.digits.trim();
  const point = byPoint.test(digits) ? minus * Number(digits.replace(/[ ,'’]/g, "")) : NaN;
  const comma = byComma.test(digits) ? minus * Number(digits.replace(/[ .'’]/g, "").replace(",", ".")) : NaN;
  if (Number.isNaN(point) && Number.isNaN(comma)) {
    return { state: "unread", currency };
  }

  if (Number.isNaN(point) || Number.isNaN(comma)) {
    return { state: "clear", point: Number.isNaN(point) ? comma : point, by: Number.isNaN(point) ? "comma" : "point", currency };
  }

  return point === comma ? { state: "clear", point, by: "", currency } : { state: "unclear", point, comma, currency };
}

function nameOf(text) {
  return names[text] ?? text;
}
