// Panels as tables: what every chart can also be read as.

import { isNumber, value } from "./format.js";

const TONES = { candidate: "good", review: "attention", developing: "neutral", insufficient_evidence: "unknown" };

export function table(title, data) {
  const scroll = element("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", title);
  const content = element("table");
  content.append(element("caption", "", title), head(data.columns), body(data));
  scroll.append(content);
  return scroll;
}

function head(columns) {
  const row = element("tr");
  for (const column of columns) {
    const cell = element("th", isNumber(column) ? "number" : "", column.title);
    cell.scope = "col";
    row.append(cell);
  }
  const section = element("thead");
  section.append(row);
  return section;
}

function body(data) {
  const section = element("tbody");
  for (const values of data.rows) {
    const row = element("tr");
    row.append(...values.map((content, index) => cell(data.columns[index], content, index === 0)));
    section.append(row);
  }
  return section;
}

function cell(column, content, isFirst) {
  const result = element(isFirst ? "th" : "td", kind(column, content));
  if (isFirst) result.scope = "row";
  if (column.unit === "share") result.style.setProperty("--share", content);
  if (column.name === "status") result.append(chip(column, content));
  else result.textContent = value(column, content);
  return result;
}

function kind(column, content) {
  if (content === null) return isNumber(column) ? "number missing" : "missing";
  if (column.unit === "share") return "number share";
  if (isNumber(column)) return "number";
  return column.unit === "id" ? "id" : "";
}

function chip(column, status) {
  const result = element("span", "chip", value(column, status));
  result.style.setProperty("--tone", `var(--${TONES[status] ?? "unknown"})`);
  return result;
}

export function element(name, className = "", text = "") {
  const result = document.createElement(name);
  if (className) result.className = className;
  if (text) result.textContent = text;
  return result;
}
