// Streets, stations and posters.
import { breadcrumb, contact, each, escaped, hours, items, kinds, local, person } from "./common.js";
import { printCode, rows, sentence, site } from "./common.js";

const WAYS = [
  ["self_service", "自助终端", "站里有自助终端，不会用，请社工帮您。"],
  ["mobile", "流动服务", "工作人员带着设备上门，或者到点办理。请先打电话约。"],
  ["on_behalf", "帮办代办", "可以请站里的人帮您填表、替您跑。"],
];
const FIGURE =
  '<svg viewBox="0 0 64 72" aria-hidden="true"><path d="M32 14a13 13 0 1 1 0 26a13 13 0 1 1 0-26zM8 72c0-18 10-27 24-27s24 9 24 27z"/></svg>';

const opening = ({ even, week }) => `<p id="open-now" data-week="${escaped(JSON.stringify(week))}" hidden></p>
${site.days_off ? `<details class="days-off"><summary>哪几天放假不开门</summary><p>${site.days_off}。</p>
  ${site.days_worked ? `<p>调休上班：${site.days_worked}，${even ? "照周一至周五的时间开门" : "开不开门请先打电话"}。</p>` : ""}</details>` : ""}`;

function map({ bar, centre, height, marked, metres, reach, stations }, title, told) {
  const [x, y] = marked ?? centre;
  return `<svg class="sketch" viewBox="0 0 360 ${height + 28}" role="img" aria-labelledby="sketch-title" aria-describedby="sketch-told">
  <title id="sketch-title">${title}</title>
  <desc id="sketch-told">${told}。虚线圈内，从${marked ? "本站" : "政务服务中心"}走路约一刻钟。</desc>
  <circle class="reach" cx="${x}" cy="${y}" r="${reach}"/>
  <rect class="centre" x="${centre[0] - 6}" y="${centre[1] - 6}" width="12" height="12"/>
  ${each(stations, ([x, y, number]) => `<circle class="spot" cx="${x}" cy="${y}" r="10"/><text x="${x}" y="${y + 4}">${number}</text>\n`)}
  ${marked ? `<path class="marked" d="M${x} ${y - 15}l15 15l-15 15l-15 -15z"/><text class="on-marked" x="${x}" y="${y + 4}">${marked[2]}</text>` : ""}
  <path class="rule" d="M12 ${height + 8}v6h${bar}v-6"/><text class="of-bar" x="${18 + bar}" y="${height + 16}">${metres < 1000 ? `${metres} 米` : `${metres / 1000} 公里`}</text>
  <path class="rule" d="M326 ${height + 20}v-18m-5 6l5 -6l5 6"/><text class="of-bar" x="336" y="${height + 16}">北</text>
</svg>
<ul class="sketch-key">
  ${marked ? "<li>◆ 本站</li>" : ""}
  <li>■ 政务服务中心</li>
  <li>${marked ? "○ 站点" : "○ 站点，号码与下面的名单相同"}</li>
  <li>虚线圈内，走路约一刻钟</li>
  <li>示意图，没有画道路</li>
</ul>`;
}

const groups = (list, slug, word) => each(list, ({ kind, items: offered }) => `<section class="kind-group" id="${kind}" aria-labelledby="${kind}-title">
  <h3 id="${kind}-title">${kinds[kind][word]}</h3>
  <p>${kinds[kind].sentence}</p>
  <ul class="links">${each(offered, (one) => `<li><a href="/streets/${slug}/items/${one}.html">${escaped(items[one].plain_name)}</a></li>\n`)}</ul>
</section>`);

const times = (agent) => `${sentence(agent.hours)}${sentence(agent.collection)}`;

const relaySteps = ({ clerk, coordinator, results }, agent) => `<ol class="step-list">
  <li><h3>村里的代办员收材料</h3>${agent ? `<p>${person(agent)}。</p><p>${times(agent)}</p>` : "<p>代办员替您收材料、理材料、送到镇里。找您村的代办员，见下面的名单。</p>"}</li>
  <li><h3>镇里的工作人员办理</h3><p>${person(clerk)}。</p><p>${sentence(clerk.at_once)}${sentence(clerk.carries)}</p></li>
  <li><h3>区里的协调员办理</h3><p>${person(coordinator)}。</p><p>${sentence(coordinator.same_day)}${sentence(coordinator.others)}</p></li>
  <li><h3>结果回到您手里</h3><p>${sentence(results)}</p></li>
</ol>`;

export const street = ({ street: at }) => local(`${breadcrumb([["首页", "/"], ["站点", "/streets/"]])}
<div class="page-head"><h1>${at.center}</h1></div>
${contact(at)}
${opening(at)}
${at.relay ? `<section id="relay" aria-labelledby="relay-title">
  <h2 id="relay-title">路远，可以请人代办</h2>
  <p>您不用下山。材料由村、镇、区三级接力送办。</p>
  ${relaySteps(at.relay)}
  <h3>各村的代办员</h3>
  <ul class="plain">${each(at.relay.agents, (agent) => `<li>${person(agent)}。负责${agent.villages.join("、")}。${times(agent)}</li>\n`)}</ul>
</section>` : ""}
<section id="stations" aria-labelledby="stations-title">
  <h2 id="stations-title">${at.name}的站点</h2>
  ${map(at.map, `${at.name}的站点示意图，上为北`, "号码与下面的名单相同")}
  <ul class="cards numbered">${each(at.stations, (one) => `<li class="card">
    <h3 class="card-title"><a href="/streets/${at.slug}/${one.slug}.html">${one.name}</a></h3>${contact(one)}</li>\n`)}</ul>
</section>
<section aria-labelledby="items-title">
  <h2 id="items-title">${at.name}能办的事项</h2>
  <p>${at.counts}。</p>
  <div class="kind-groups">${groups(at.kinds, at.slug, "tag")}</div>
</section>`, at);

const staff = (list) => `<section aria-labelledby="staff-title">
  <h2 id="staff-title">谁在值班</h2>
  <p>社工佩戴工作牌上岗，请您核对姓名和工号。</p>
  <ul class="staff-list">${each(list, (who) => `<li>${FIGURE}<p><b>${escaped(who.name)}</b>工号 ${escaped(who.number)}<br>${escaped(who.duty)}</p></li>\n`)}</ul>
</section>`;

const near = (at, one) => one.near.length ? `<h3>走路一刻钟以内的站点</h3>
  <ol class="near">${each(one.near, ([number, minutes]) => {
    const other = at.stations[number - 1];
    return `<li><span class="place-number">${number}</span><a href="/streets/${at.slug}/${other.slug}.html">${other.name}</a><span>约 ${minutes} 分钟</span></li>\n`;
  })}</ol>` : "<p>走路一刻钟以内没有别的站点。</p>";

export function station({ address, station: one, street: at }) {
  const to = `/streets/${at.slug}.html`;
  const own = [["收材料", one.own_papers && hours(one.own_papers)], ["请注意", one.own_note && sentence(one.own_note)]];
  return `${breadcrumb([["首页", "/"], ["站点", "/streets/"], [at.name, to]])}
<div class="page-head"><h1>${one.name}</h1></div>
${contact(one, [...own, ["建成日期", one.opened]])}
${opening(one)}
<p class="choose"><button type="button" class="button quiet" id="choose-station" data-address="${address}" data-name="${one.name}" data-street="${at.slug}" hidden>设为我的站点</button><span id="choose-told" role="status"></span></p>
${one.staff.length ? staff(one.staff) : ""}
<section aria-labelledby="ways-title">
  <h2 id="ways-title">服务方式</h2>
  <dl class="meanings ways">${rows([["一窗办理", "所有的事都在一个窗口办，不用换窗口。"], ...WAYS.map(([field, name, told]) => [name, one[field] === "是" && told])])}</dl>
</section>
${at.relay && one.agent >= 0 ? `<section id="relay" aria-labelledby="relay-title">
  <h2 id="relay-title">路远，可以请代办员代办</h2>
  <p>您不用下山。材料由村、镇、区三级接力送办。</p>
  ${relaySteps(at.relay, at.relay.agents[one.agent])}
</section>` : ""}
<section aria-labelledby="items-title">
  <h2 id="items-title">本站能帮您办什么</h2>
  <div class="kind-groups">${groups(one.kinds ?? at.kinds, at.slug, "here")}</div>
</section>
<p class="extra"><a class="more" href="/streets/${at.slug}/${one.slug}/poster.html">打印本站的办事一览（A4，可贴在公告栏）</a></p>
<section aria-labelledby="map-title">
  <h2 id="map-title">在哪里</h2>
  <div class="map-and-list">
  <div>${map(one.map, `${one.name}的位置示意图，上为北`, `${at.name}的站点，号码与${at.name}的站点名单相同`)}</div>
  <div><p>离${at.center}${one.way}。</p>
  ${near(at, one)}
  <p><a class="more" href="${to}#stations">${at.name}的全部站点和号码</a></p></div>
  </div>
</section>
<section aria-labelledby="centre-title">
  <h2 id="centre-title"><a href="${to}">${at.center}</a></h2>
  ${contact(at)}
</section>`;
}

export function poster({ station: one, street: at }) {
  const list = one.kinds ?? at.kinds;
  const to = `/streets/${at.slug}/${one.slug}.html`;
  const count = list.reduce((sum, { items: offered }) => sum + offered.length, 0);
  return `${breadcrumb([["首页", "/"], [at.name, `/streets/${at.slug}.html`], [one.name, to]])}
<p class="poster-tools">请用 A4 纸打印，贴在公告栏。<button type="button" class="button" id="print" hidden>打印</button></p>
<article class="poster${count < 40 ? " few" : ""}">
  <header><h1>${one.name}</h1><p class="poster-lead">在家门口能办、能问的 ${count} 件事</p></header>
  <dl class="lines">${rows([
    ["地址", escaped(one.address)],
    ["时间", hours(one.hours)],
    ["收材料", one.own_papers && hours(one.own_papers)],
    ["电话", one.phone],
    ["社工", one.staff.length && `${each(one.staff, (who) => escaped(who.name), "、")}（请看工作牌）`],
    ["投诉", at.complaint],
  ])}</dl>
  ${each(list, ({ kind, items: offered }) => `<section aria-labelledby="${kind}-title">
    <h2 id="${kind}-title">${kinds[kind].tag}<span>${offered.length} 项</span></h2>
    <ul>${each(offered, (slug) => `<li>${escaped(items[slug].plain_name)}</li>\n`)}</ul>
  </section>`)}
  ${printCode(to)}
  <p class="poster-note">每件事带什么、要多久，扫码就能看。${escaped(site.illustrative)}</p>
</article>`;
}
