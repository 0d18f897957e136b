// An item's guide, short, as it stands beside the picture. Data: one item of catalog.json.

import { h } from "./dom.js";

const guides = new Map();

/** The whole entry of an item. Rejects when the service does not have it. */
export async function loadGuide(code) {
  if (!guides.has(code)) {
    const response = await fetch(`items/${code}.json`);
    if (!response.ok) throw new Error(`item ${code}: HTTP ${response.status}`);
    guides.set(code, await response.json());
  }
  return guides.get(code);
}

const count = ({ form, originals, copies }) => {
  const told = [originals && `原件 ${originals} 份`, copies && `复印件 ${copies} 份`].filter(Boolean);
  return told.join("、") || form;
};

const material = (one) =>
  h("li", {},
    h("span", { class: "guide-name" }, one.name, one.necessity === "必要" ? null : h("span", { class: "tag" }, one.necessity)),
    h("span", { class: "guide-count" }, count(one)),
    one.when && h("span", { class: "guide-note" }, one.when),
    one.note && h("span", { class: "guide-note" }, one.note));

const step = (one) =>
  h("li", {}, h("span", { class: "guide-name" }, one.name, h("span", { class: "tag" }, one.by_name)),
    h("span", { class: "guide-note" }, one.text));

export function renderGuide(target, guide) {
  target.replaceChildren(
    h("h2", {}, guide.plain_name),
    h("p", { class: "guide-official" }, guide.name, " ", h("span", { class: "tag" }, guide.kind_name)),
    h("dl", { class: "facts" },
      h("div", {}, h("dt", {}, "多长时间"), h("dd", {}, guide.promised_limit.text)),
      h("div", {}, h("dt", {}, "收费"), h("dd", {}, guide.fee.text)),
      h("div", {}, h("dt", {}, "部门"), h("dd", {}, guide.department))),
    h("h3", {}, "要带的材料"),
    h("ul", { class: "guide-materials" }, guide.materials.map(material)),
    h("h3", {}, "谁可以办"),
    h("ul", { class: "guide-plain" }, guide.conditions.map((one) => h("li", {}, one))),
    h("h3", {}, "怎么办"),
    h("ol", { class: "guide-steps" }, guide.steps.map(step)),
    h("p", {}, h("a", { href: guide.url, target: "_blank", rel: "noopener" }, "打开完整的办事指南")));
}

/** Loads and shows a guide; says so plainly when it cannot be had. */
export async function showGuide(target, code) {
  try {
    renderGuide(target, await loadGuide(code));
  } catch {
    target.replaceChildren(h("p", {}, "办事指南暂时打不开，不影响通话。请稍后再试。"));
  }
  target.scrollTop = 0;
}
