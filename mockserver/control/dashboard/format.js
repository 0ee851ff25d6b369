// Numbers and times as text.

export const moment = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 23);
export const clockTime = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 23);
export const stamp = (text) => (text ? text.replace("T", " ").replace(/\.\d+/, "").replace(/Z$/, " UTC") : "");
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;

export function duration(seconds) {
  if (seconds === undefined || seconds === null) return "";
  const size = Math.abs(seconds);
  if (size < 0.0009995) return `${Math.round(seconds * 1e6)} µs`;
  if (size < 1) return `${(seconds * 1000).toFixed(size < 0.01 ? 2 : 0)} ms`;
  if (size < 120) return `${seconds.toFixed(size < 10 ? 2 : 0)} s`;
  if (size < 7200) return `${Math.round(seconds / 60)} min`;
  if (size < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

export function bytes(number) {
  if (number < 1000) return `${number} B`;
  if (number < 1e6) return `${(number / 1000).toFixed(1)} kB`;
  return `${(number / 1e6).toFixed(1)} MB`;
}

export const FIRST_ERROR = 400;

export const isBroken = (row) => row.ended !== "complete" && row.ended !== "open";
export const isPartial = (row) => row.status < FIRST_ERROR && row.failedItems > 0;
export const succeeded = (row) => row.ended === "complete" && row.status < FIRST_ERROR;

export function tone(row) {
  if (row.ended === "open") return "";
  if (isBroken(row) || row.status >= 500) return "bad";
  return row.status >= FIRST_ERROR || isPartial(row) ? "warn" : "good";
}

export function statusText(row) {
  if (row.ended === "open") return "open";
  if (isBroken(row)) return row.status ? `${row.status} ${row.ended}` : row.ended;
  return String(row.status);
}
