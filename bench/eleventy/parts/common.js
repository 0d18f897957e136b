// The tables, and what the pages have in common.
import { readFileSync } from "node:fs";
import markdownIt from "markdown-it";

const [items, kinds, site, streets] = ["items", "kinds", "site", "streets"].map((name) =>
  JSON.parse(readFileSync(new URL(`../data/${name}.json`, import.meta.url), "utf-8")),
);
export { items, kinds, site, streets };

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
export const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]);
export const each = (list, made, between = "") => list.map(made).join(between);
export const sentence = (text) => escaped(text) + (/[。？！]$/.test(text) ? "" : "。");
export const hours = (text) => text.replace(/\d{1,2}:\d{2}[–—-]\d{1,2}:\d{2}/g, '<span class="keep">$&</span>');
export const phone = (number) => `<a href="tel:+86-${number.slice(1)}">${number}</a>`;
export const person = (who) => `${escaped(who.name)}（工号 ${escaped(who.number)}），电话 ${phone(who.phone)}`;
/** Rows of names and HTML; those without any are left out. */
export const rows = (pairs) =>
  each(pairs.filter(([, html]) => html), ([name, html]) => `<div><dt>${name}</dt><dd>${html}</dd></div>\n`);
export const lines = (pairs) => rows(pairs.map(([name, text]) => [name, text && escaped(text)]));

const markdown = markdownIt();
markdown.validateLink = () => true;
export const prose = (text) => markdown.render(text).replace(/href="item:([^"]*)"/g, 'href="/items/$1.html"');

export const breadcrumb = (steps) => `<nav class="breadcrumb" aria-label="当前位置"><ol>
${each(steps, ([name, to]) => `<li><a href="${to}">${escaped(name)}</a></li>\n`)}</ol></nav>`;

export const contact = (at, more = []) => `<dl class="lines">
${rows([
  ["地址", escaped(at.address)],
  ["时间", hours(at.hours)],
  ["电话", phone(at.phone)],
  ["投诉电话", at.complaint && phone(at.complaint)],
  ...more,
])}</dl>`;

export const printCode = (address) => `<div class="print-code">
  <p>手机扫一扫，看最新的内容<span class="print-address">https://${site.domain}${address}</span></p>
</div>`;

/** A page of a street in the words of its kind. */
export const local = (html, street) => street.words.reduce((told, [one, other]) => told.replaceAll(one, other), html);
