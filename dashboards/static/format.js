// How values are written.

const UTC = { timeZone: "UTC" };
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", ...UTC });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", ...UTC });

const WORDS = { none: "Other" };
const TEXTS = new Set(["", "code", "id"]);
const FORMATS = {
  "": String,
  id: String,
  code: word,
  share: (value) => percent.format(value),
  seconds: (value) => `${precise.format(value)} s`,
  time: (value) => time(value),
};

export const isText = (column) => TEXTS.has(column.unit);
export const isNumber = (column) => !isText(column) && column.unit !== "time";
export const time = (value) => moment.format(new Date(value));
export const date = (value) => day.format(new Date(value));

// A machine-readable word as an ordinary one: `insufficient_evidence` becomes `Insufficient evidence`.
export function word(code) {
  const text = WORDS[code] ?? code.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function value(column, content) {
  if (content === null || content === undefined) return column.missing;
  return (FORMATS[column.unit] ?? whole.format)(content);
}
