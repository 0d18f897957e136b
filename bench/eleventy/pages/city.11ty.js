// One template of JavaScript literals, Eleventy's fastest, for every page. The tables are read here and not from _data, as
// Eleventy would carry them along with each page.
import { guide } from "../parts/guide.js";
import { escaped, items, phone, site, streets } from "../parts/common.js";
import { poster, station, street } from "../parts/places.js";

const script = (name) => `<script type="module" src="/static/${name}.js"></script>`;
const places = `<link rel="stylesheet" href="/static/places.css">${script("station")}`;

function* pages() {
  for (const item of Object.values(items)) {
    const told = `${item.name}：${item.where}；${item.promised}；${item.fee}。`;
    yield { address: `/items/${item.slug}.html`, title: `${item.plain_name}（${item.name}）`, told, item, make: guide };
  }
  for (const at of streets) {
    const base = `/streets/${at.slug}`;
    const whole = `${at.center}：${at.address}；${at.hours}；${at.phone}。`;
    yield { address: `${base}.html`, title: at.center, told: whole, street: at, make: street };
    for (const [slug, own] of Object.entries(at.offered)) {
      const item = items[slug];
      const title = `${item.plain_name}（${item.name}）－${at.name}`;
      const told = `${item.name}：${item.where}；${own.promised}；${item.fee}。`;
      yield { address: `${base}/items/${slug}.html`, title, told, item, street: at, own, make: guide };
    }
    for (const one of at.stations) {
      const here = `${base}/${one.slug}`;
      const sees = { street: at, station: one };
      const told = `${one.name}：${one.address}；${one.hours}；${one.phone}。`;
      const all = `${one.name}能办的全部事项，一张 A4 纸，可以打印出来贴在公告栏。`;
      yield { ...sees, address: `${here}.html`, title: `${one.name}（${at.name}）`, told, make: station };
      yield { ...sees, address: `${here}/poster.html`, title: `${one.name}办事一览`, told: all, make: poster };
    }
  }
}

function head({ item, make, title }) {
  if (make === poster) return `<link rel="stylesheet" href="/static/poster.css">${script("poster")}`;
  if (make !== guide) return places;
  return `<meta name="ArticleTitle" content="${escaped(title)}"><meta name="PubDate" content="${item.updated}">
<meta name="ContentSource" content="${escaped(item.department)}"><script src="/static/room.js"></script>${script("guide")}`;
}

export const data = {
  all: [...pages()],
  pagination: { data: "all", size: 1, alias: "made" },
  permalink: ({ made }) => made.address,
  eleventyExcludeFromCollections: true,
};

export function render({ made }) {
  const { address, title, told } = made;
  const whole = `https://${site.domain}${address}`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'">
<title>${escaped(title)}－${escaped(site.site_name)}</title>
<meta name="description" content="${escaped(told)}">
<meta name="SiteName" content="${escaped(site.site_name)}">
<meta name="SiteDomain" content="${site.domain}">
<meta name="SiteIDCode" content="${site.code}">
<meta name="ColumnName" content="${made.make === guide ? "办事指南" : escaped(title)}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="${escaped(site.site_name)}">
<meta property="og:title" content="${escaped(title)}">
<meta property="og:description" content="${escaped(told)}">
<meta property="og:url" content="${whole}">
<meta name="format-detection" content="telephone=no">
<link rel="canonical" href="${whole}">
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/tokens.css">
<link rel="stylesheet" href="/static/site.css">
${head(made)}
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<header class="site-head">
  <div class="site-head-row">
    <a class="site-name" href="/">${escaped(site.site_name)}</a>
    <nav class="site-nav" aria-label="主导航">
      <ul>
        <li><a href="/items/">事项</a></li>
        <li><a href="/streets/">站点</a></li>
      </ul>
    </nav>
    <nav class="modes" aria-label="显示方式">
      <ul>
        <li><a data-mode="" aria-current="true" href="${address}">标准版</a></li>
        <li><a data-mode="elder" href="/elder${address}">长者版</a></li>
        <li><a data-mode="contrast" href="/contrast${address}">高对比</a></li>
      </ul>
    </nav>
  </div>
  <p class="notice">${escaped(site.illustrative)}</p>
</header>
<main id="main" tabindex="-1">
${made.make(made)}
</main>
<footer class="site-foot">
  <dl class="lines">
    <div><dt>咨询电话</dt><dd>${phone(site.advice_phone)}</dd></div>
    <div><dt>投诉电话</dt><dd>${phone(site.complaint_phone)}</dd></div>
  </dl>
  <ul class="site-foot-links extra">
    <li><a href="/disclosure/">信息公开</a></li>
    <li><a href="/open-data/">开放数据</a></li>
    <li><a href="/desk/">工作台（工作人员用）</a></li>
  </ul>
  <p class="site-foot-body">主办：${escaped(site.host)}${site.undertaker ? `　承办：${escaped(site.undertaker)}` : ""}</p>
  <p class="site-foot-body">网站标识码 ${site.code}　${escaped(site.filing)}${site.police_filing ? `　${escaped(site.police_filing)}` : ""}</p>
</footer>
</body>
</html>
`;
}
