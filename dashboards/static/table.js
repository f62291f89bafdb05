// Panels as tables, which every chart can also be read as, and as records.

import { destination } from "./choices.js";
import { isMoment, isNumber, toneAt, toneOf, value } from "./format.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

// Each row on its own: names and values.
export function records({ columns, rows }) {
  const all = element("div", "records");
  for (const row of rows) {
    const list = element("dl");
    columns.forEach((column, index) => {
      const content = element("dd");
      fill(content, column, row[index], destination(column, columns, row));
      const pair = element("div", column.unit === "json" ? "wide" : "");
      pair.append(element("dt", "", column.title), content);
      list.append(pair);
    });
    all.append(list);
  }
  return all;
}

function head(columns) {
  const row = element("tr");
  for (const column of columns.filter(isShown)) {
    const cell = element("th", isNumber(column) ? "number" : "", column.title);
    cell.scope = "col";
    row.append(cell);
  }
  const section = element("thead");
  section.append(row);
  return section;
}

function body({ columns, rows }) {
  const section = element("tbody");
  for (const values of rows) {
    const row = element("tr");
    columns.forEach((column, index) => {
      if (isShown(column)) row.append(cell(column, values[index], index === 0, destination(column, columns, values)));
    });
    section.append(row);
  }
  return section;
}

const isShown = (column) => !column.hidden;

function cell(column, content, isFirst, address) {
  const result = element(isFirst ? "th" : "td", kind(column, content));
  if (isFirst) result.scope = "row";
  if (column.unit === "share" && content !== null) result.style.setProperty("--share", content);
  fill(result, column, content, address, brief);
  return result;
}

function fill(target, column, content, address, write = String) {
  const tone = column.unit === "code" ? toneOf(content) : toneAt(column, content);
  const text = write(value(column, content));
  if (address) target.append(anchor(text, address));
  else if (tone && text) target.append(chip(text, tone));
  else if (column.unit === "json") target.append(element("pre", "", text));
  else target.textContent = text;
  if (column.unit === "id") target.classList.add("id");
}

// In a table the first part of a UUID tells rows apart; its link leads to the whole.
const brief = (text) => (UUID.test(text) ? `${text.slice(0, 8)}…` : text);

function kind(column, content) {
  if (content === null) return isNumber(column) ? "number missing" : "missing";
  if (column.unit === "share") return "number share";
  return isNumber(column) ? "number" : isMoment(column) ? "moment" : "";
}

function anchor(text, address) {
  const result = element("a", "", text);
  result.href = address;
  return result;
}

function chip(text, tone) {
  const result = element("span", "chip", text);
  result.dataset.tone = tone;
  result.style.setProperty("--tone", `var(--${tone})`);
  return result;
}

export function element(name, className = "", text = "") {
  const result = document.createElement(name);
  if (className) result.className = className;
  if (text) result.textContent = text;
  return result;
}
