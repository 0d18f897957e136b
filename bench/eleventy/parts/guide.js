// A guide, of the district or of one street.
import { breadcrumb, contact, each, escaped, hours, items, kinds, lines, local, phone } from "./common.js";
import { printCode, prose, rows, sentence, site, streets } from "./common.js";

const NEEDS = [["必要", "都要带"], ["非必要", "看情况带"], ["容缺后补", "可以先受理，后补交"]];
const once = new Map();

/** What all guides to an item have in common is made once. */
function shared(item, name, make) {
  const key = `${name} ${item.slug}`;
  if (!once.has(key)) once.set(key, make(item));
  return once.get(key);
}

function material(one) {
  const forms = [[one.blank_form, "空白表格"], [one.sample_form, "填好的样子"]].filter(([to]) => to);
  const note = (one.either ? "纸质、电子版都可以。" : "") + (one.note ? sentence(one.note) : "");
  return `<li>
    <label><input type="checkbox"><span class="check-name">${escaped(one.name)}</span>
      <span class="check-copies">${escaped(one.copies)}</span>
      ${one.when ? `<span class="check-when">${escaped(one.when)}要带</span>` : ""}</label>
    ${note && `<p>${note}</p>`}
    ${each(one.told, (told) => `<p>${sentence(told)}</p>`)}
    ${one.site_form ? `<p class="forms"><a href="/forms/${one.site_form}.html">空白表格</a><a href="/forms/${one.site_form}-sample.html">填好的样子</a></p>` : ""}
    ${forms.length ? `<p>${each(forms, ([to, name]) => `<a href="${escaped(to)}">${name}</a>`, "、")}</p>` : ""}
  </li>`;
}

function needed(item, [necessity, title]) {
  const found = item.materials.filter((one) => one.necessity === necessity);
  return found.length ? `<h3>${title}</h3>\n<ul class="check-list">${each(found, material)}</ul>` : "";
}

const what = (item) => `<div class="lead">${prose(item.summary)}</div>
<p class="tools" hidden><button type="button" class="button quiet" id="read-aloud" hidden>读给我听</button><button type="button" class="button quiet" id="print">打印这一页</button></p>
<section id="materials" aria-labelledby="materials-title">
  <h2 id="materials-title">带什么</h2>
  ${each(NEEDS, (need) => needed(item, need))}
</section>
<section id="conditions" aria-labelledby="conditions-title">
  <h2 id="conditions-title">谁能办</h2>
  <ul class="plain">${each(item.conditions, (text) => `<li>${escaped(text)}</li>\n`)}</ul>
</section>
<section id="steps" aria-labelledby="steps-title">
  <h2 id="steps-title">怎么办</h2>
  <ol class="step-list">${each(item.steps, (step) => `<li>
    <h3>${escaped(step.name)}</h3>
    <p class="step-who"><span class="tag">${escaped(step.by)}</span>${step.duration ? `<span>${escaped(step.duration)}</span>` : ""}</p>
    <p>${escaped(step.text)}</p>
  </li>`)}</ol>
</section>`;

const facts = (item) => `${item.questions.length ? `<section id="questions" aria-labelledby="questions-title">
  <h2 id="questions-title">常见问题</h2>
  <div class="questions">${each(item.questions, (one) => `<details><summary>${escaped(one.question)}</summary>${prose(one.answer)}</details>\n`)}</div>
</section>` : ""}
<section id="basis" class="extra" aria-labelledby="basis-title">
  <h2 id="basis-title">依据</h2>
  <ul class="plain">${each(item.legal_basis, (one) => `<li>${escaped(one.title)}${one.number ? `（${escaped(one.number)}）` : ""}${escaped(one.article)}：${escaped(one.gist)}</li>\n`)}</ul>
</section>`;

function centre(item, street, own, leadsOn) {
  const base = `/streets/${street.slug}`;
  const more = leadsOn
    ? `<p><a class="more" href="${base}/items/${item.slug}.html">${street.name}怎么办、哪些站点能办</a></p>`
    : `<p><a class="more" href="${base}.html#stations">${street.stations.length} 个社区（村）站点的地址和电话</a></p>`;
  return `<li class="card">
  <h3 class="card-title"><a href="${base}.html">${street.center}</a></h3>
  ${contact(own)}
  ${own.promised === item.promised ? "" : `<p>这里更快：${escaped(own.promised)}。</p>`}
  ${own.note ? `<p>${sentence(own.note)}</p>` : ""}
  ${leadsOn || street.stations.length ? more : ""}
</li>`;
}

function takers(street, own) {
  const at = (station) => `<a href="/streets/${street.slug}/${station.slug}.html">${station.name}</a>`;
  const aside = (station) =>
    (station.own_hours ? `<span class="aside">收材料：${hours(station.own_hours)}</span>` : "") +
    (station.own_note ? `<span class="aside">${sentence(station.own_note)}</span>` : "");
  const without = street.stations.filter((station) => own.without.includes(station.slug));
  const take = street.stations.filter((station) => !own.without.includes(station.slug));
  return `${take.length ? `<h3 id="takes">${street.kind === "乡镇" ? "这些村的站点" : "这些社区的站点"}都能办</h3>
  <ul class="links names">${each(take, (station) => `<li>${at(station)}${aside(station)}</li>\n`)}</ul>` : ""}
  ${without.length ? `<p>这些站点不办这一项：${each(without, at, "、")}。</p>` : ""}`;
}

function offices(item) {
  const found = streets.filter((street) => street.offered[item.slug]);
  return found.length
    ? each(found, (street) => centre(item, street, street.offered[item.slug], true))
    : `<li class="card">目前没有街道或乡镇办理这一事项。请打咨询电话 ${phone(site.advice_phone)}。</li>`;
}

function summary(item, promised) {
  const required = item.materials.filter((one) => one.necessity === "必要");
  const others = item.materials.length - required.length;
  const conditional = others ? `${required.length ? "另有" : ""} ${others} 样看情况带` : "看清单";
  const count = item.conditions.length;
  return rows([
    ["带什么", `${required.length ? `<ul>${each(required, (one) => `<li>${escaped(one.name)}${one.has_copies ? `（${escaped(one.copies)}）` : ""}</li>`)}</ul>` : ""}
    <a href="#materials">${conditional}</a>`],
    ["去哪里", `${escaped(item.where)}。<a href="#where">查地址</a><span id="my-station-short" hidden></span>`],
    ["要多久", escaped(promised)],
    ["多少钱", escaped(item.fee)],
    ["谁能办", sentence(item.conditions[0]) + (count > 1 ? `<a href="#conditions">全部 ${count} 条</a>` : "")],
    ["跑几次", item.visits ? `${item.visits} 次` : "不用跑"],
  ]);
}

export function guide({ address, item, street, own }) {
  const kind = kinds[item.kind];
  const { promised, promised_note: note } = own ?? item;
  const base = street ? `/streets/${street.slug}` : "";
  const related = item.related.filter((slug) => !street || street.offered[slug]);
  const state = item.state === "暂停" ? "暂停办理" : "已经取消";
  const duties = [["咨询", "advise"], ["接件", "collect"], ["受理", "accept"], ["告知", "inform"], ["送达", "deliver"]];
  const html = `<article class="guide">
<header class="guide-head">
${breadcrumb([["首页", "/"], ...(street ? [["站点", "/streets/"], [street.name, `${base}.html`]] : [["事项", "/items/"], [item.theme, `/items/${item.theme_anchor}`]])])}
<div class="page-head"><h1>${escaped(item.plain_name)}</h1>
  <p class="page-head-beside"><span>${escaped(item.name)}</span><span class="tag">${kind.tag}</span></p></div>
${street ? `<p class="guide-local">${street.name}的办法。<a href="/items/${item.slug}.html">看全区的办法</a></p>` : ""}
${item.state === "在用" ? "" : `<p class="notice">本事项${state}。要问情况，请打咨询电话 ${phone(site.advice_phone)}。</p>`}
</header>
<section class="summary" aria-labelledby="summary-title">
  <h2 class="unseen" id="summary-title">要点</h2>
  <dl class="lines">${summary(item, promised)}</dl>
</section>
<div class="guide-body">
${shared(item, "what", what)}
<section id="where" aria-labelledby="where-title">
  <h2 id="where-title">去哪里</h2>
  <div id="my-station" class="card mine" data-item="${item.slug}" hidden></div>
  <p>${kind.sentence}正式受理的是${item.duty.accept.join("、")}。</p>
  ${item.online ? `<p>也可以在<a href="${escaped(item.online.url)}">网上办</a>：${escaped(item.online.depth)}。</p>` : ""}
  <ul class="cards">${street ? centre(item, street, own, false) : offices(item)}</ul>
  ${street ? takers(street, own) : ""}
</section>
<section id="time" aria-labelledby="time-title">
  <h2 id="time-title">时间、费用和结果</h2>
  <dl class="lines">${lines([["承诺时限", promised + note], ...item.time])}</dl>
</section>
${shared(item, "facts", facts)}
<section id="about" class="extra" aria-labelledby="about-title">
  <h2 id="about-title">事项信息</h2>
  <dl class="lines">${lines([...item.about, ...(own ? [["实施主体", own.body], ["实施编码", own.code], ["所属清单", own.layer]] : []), ...item.more])}</dl>
  <table class="duties"><caption>每个环节由谁负责</caption>
    <tbody>${each(duties, ([name, duty]) => `<tr><th scope="row">${name}</th><td>${item.duty[duty].join("、")}</td></tr>\n`)}</tbody></table>
</section>
<section id="complaint" aria-labelledby="complaint-title">
  <h2 id="complaint-title">投诉</h2>
  <p>对办理不满意，请打投诉电话 ${street ? `${phone(street.complaint)}（${street.name}），或者 ` : ""}${phone(site.complaint_phone)}${street ? "（区里）" : ""}。</p>
</section>
${related.length ? `<section id="related" aria-labelledby="related-title">
  <h2 id="related-title">可能还要办</h2>
  <ul class="links">${each(related, (slug) => `<li><a href="${base}/items/${slug}.html">${escaped(items[slug].plain_name)}</a></li>\n`)}</ul>
</section>` : ""}
<p class="updated">本页内容更新日期：${item.updated_day}</p>
${printCode(address)}
<p class="staff extra"><a class="button quiet" href="/desk/station/?item=${item.code}">社工视频咨询这一事项</a></p>
</div>
</article>`;
  return street ? local(html, street) : html;
}
