// How values are written.

const UTC = { timeZone: "UTC" };
const number = (digits, least = 0) =>
  new Intl.NumberFormat("en", { minimumFractionDigits: least, maximumFractionDigits: digits, signDisplay: "negative" });
const whole = number(0);
const tenths = number(1, 1);
const precise = number(2, 2);
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 1 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", ...UTC });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", ...UTC });

const WORDS = {
  none: "Other", insufficient_evidence: "Too little evidence", sql: "SQL", hris_id: "HRIS id", sso_guid: "SSO account", lms_feed: "LMS user", email_sha1: "Hash of an e-mail", email: "E-mail",
  http: "HTTP",
};
const TONES = {
  candidate: "good", review: "attention", developing: "neutral", insufficient_evidence: "unknown",
  passed: "good", completed: "good", failed: "attention", raises_most: "good", holds_the_score_down: "attention",
  unreviewed: "attention", conflict: "attention", moved: "neutral",
  exact: "good", within_threshold: "attention", drift: "problem", unproven: "unknown", reviewed: "good", not_linked: "unknown",
};
const TEXTS = new Set(["", "code", "id", "json"]);
const MOMENTS = new Set(["time", "day"]);
const FORMATS = {
  "": String,
  id: String,
  json: indented,
  code: word,
  share: (content) => (content > 0 && content < 0.005 ? finePercent : percent).format(content),
  seconds: (content) => `${precise.format(content)} s`,
  weight: precise.format,
  duration,
  hours: (content) => (content && content < 10 ? tenths : whole).format(content),
  time: (content) => time(content),
  day: (content) => date(content),
};

const SPANS = [[86_400, "days"], [3600, "h"], [60, "min"], [0, "s"]];

function duration(seconds) {
  const [length, name] = SPANS.find(([least]) => Math.abs(seconds) >= 2 * least);
  return `${(length ? whole : tenths).format(length ? seconds / length : seconds)} ${name}`;
}

export const isText = (column) => TEXTS.has(column.unit);
export const isMoment = (column) => MOMENTS.has(column.unit);
export const isNumber = (column) => !isText(column) && !isMoment(column);
export const time = (content) => moment.format(new Date(content));
export const date = (content) => day.format(new Date(content));

// A machine-readable word as an ordinary one: `insufficient_evidence` becomes `Insufficient evidence`.
export function word(code) {
  const text = WORDS[code] ?? code.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function value(column, content) {
  if (content === null || content === undefined) return column.missing;
  return (FORMATS[column.unit] ?? whole.format)(content);
}

// What a word says about how things stand, where it says something.
export const toneOf = (code) => TONES[String(code).replaceAll(" ", "_")];

// What a number says: the tone of the last threshold that it reaches.
export function toneAt(column, content) {
  if (content === null || content === undefined) return undefined;
  return column.thresholds.findLast((threshold) => content >= threshold.start)?.tone;
}

// JSON on several lines, each of its characters kept: parsing would change numbers and drop repeated names.
function indented(text) {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[[{]\s*[\]}]|[[\]{},:]/g, (token) => {
    if (token === "{" || token === "[") return (depth += 1), token + line();
    if (token === "}" || token === "]") return (depth -= 1), line() + token;
    if (token === ",") return token + line();
    return token === ":" ? ": " : token;
  });
}
