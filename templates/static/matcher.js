// Finds items and places by what was typed. No page, no network: node runs it as it stands. See docs/search.md.

const FILLERS = new RegExp([
  "怎么(?:办理?|弄|领|样|交|报|回事)?", "怎样", "如何", "咋办?", "我[要想]?", "我们家?", "想要?", "请问", "办理?", "申请",
  "[去上在](?:哪里?|哪儿)", "哪[里儿]?", "什么", "[要有]?啥", "多少钱?", "能不能", "可以", "需要", "有没有", "[吗呢吧呀啊的了个能要有给找]",
].join("|"), "g");

/** Letters, characters and digits only; full width as half width, capitals as small ones. */
export const fold = (text) =>
  text.normalize("NFKC").toLowerCase().replaceAll("ü", "v").replace(/[^\p{L}\p{N}]/gu, "");

/** Folded text without the words that only ask. */
const bare = (text) => text.replace(FILLERS, "");

/** How each name of an index is spelled: name => one syllable a character. */
const speller = ({ readings, otherwise }) => {
  const read = new Map(Object.entries(readings).flatMap(([syllable, all]) => [...all].map((one) => [one, syllable])));
  return (text) => otherwise[text]?.split(" ") ?? [...text].map((one) => read.get(one) ?? one);
};

const named = (spell, name) => {
  const text = fold(name), syllables = spell(text);
  return { name, text, syllables, full: syllables.join(""), initials: syllables.map((one) => one[0]).join("") };
};

/** The entries of items.json, with what summaries.json says of each. */
export const items = (index, summaries = []) => {
  const spell = speller(index);
  return index.items.map(([address, tag, plain, official, ...aliases], at) => ({
    address, tag, plain, official, summary: summaries[at],
    names: [plain, official, ...aliases].map((name) => named(spell, name)),
  }));
};

/** The entries of a file of stations: the streets' centres, then the stations. */
export const places = (index) => {
  const spell = speller(index);
  return [
    ...index.streets.map(([address, center, name, at]) => ({
      address, tag: "街道中心", plain: center, official: at, names: [named(spell, name), named(spell, center)],
    })),
    ...index.stations.map(([address, own, ending, , at]) => ({
      address, tag: "站点", plain: own + index.endings[ending], official: at, own, at: fold(at),
      names: [named(spell, own + index.endings[ending])],
    })),
  ];
};

/** Whether letters spell the first syllables, each in full or by its beginning: "huixyuan" for hui xiang yuan. */
const spells = (query, syllables, at = 0) => {
  if (!query) return true;
  const syllable = syllables[at] ?? "";
  for (let length = syllable.length; length; length--)
    if (query.startsWith(syllable.slice(0, length)) && spells(query.slice(length), syllables, at + 1)) return true;
  return false;
};

/** Whether `text` begins with the query but for one letter: another, one missing, one too many, two swapped. */
const slips = (query, text) => {
  let at = 0;
  while (at < query.length && query[at] === text[at]) at++;
  const rest = (from, to) => text.startsWith(query.slice(from), to);
  return rest(at + 1, at + 1) || rest(at, at + 1) || rest(at + 1, at)
    || (query[at] === text[at + 1] && query[at + 1] === text[at] && rest(at + 2, at + 2));
};

// Best first: what each takes for a match of a query and a name of an entry.
const MATCHES = [
  (query, name) => query === name.text || query === name.full,
  (query, name) => query === name.initials,
  (query, name) => name.text.startsWith(query),
  (query, name) => name.text.includes(query),
  (query, name) => name.full.startsWith(query) || name.initials.startsWith(query),
  (query, name) => spells(query, name.syllables),
  (query, name) => (query.length > 2 && slips(query, name.text)) || (query.length > 4 && slips(query, name.full)),
  (query, name, entry) => entry.own?.length > 1 && query.includes(entry.own),
  (query, name, entry) => query.length > 2 && entry.at?.includes(query),
];
const STEP = 1000;

/** The best match of the queries with the entry's names: { rank, name }, or undefined. */
const match = (queries, entry) => {
  let best;
  for (const query of queries)
    for (const name of entry.names) {
      const step = MATCHES.findIndex((matches) => matches(query, name, entry));
      const rank = step * STEP + name.text.length;
      if (step >= 0 && !(best?.rank <= rank)) best = { entry, rank, name: name.name };
    }
  return best;
};

/** Every character, pairs of them, and threes of letters. */
const grams = (text) => ["[^a-z0-9]", "[^a-z0-9]{2}", "[a-z0-9]{3}"]
  .flatMap((gram) => [...text.matchAll(`(?=(${gram}))`)].map(([, found]) => found));

const PAIR = 1, SINGLE = 0.4, SUMMARY = 0.3, WHOLE = 0.5, LEAST = 1.8, NEAR = 0.5;

const sorted = (found) => found.sort((one, other) => one.rank - other.rank);

/** How much each gram of an entry counts: those of its names in full, those of its summary less. */
const weighed = ({ names, summary = "" }) => {
  const size = (gram) => (gram.length > 1 ? PAIR : SINGLE);
  const own = new Map(grams(fold(summary)).map((gram) => [gram, SUMMARY * size(gram)]));
  for (const { text, full } of names) for (const gram of [...grams(text), ...grams(full)]) own.set(gram, size(gram));
  return own;
};

/** How alike a sentence and each entry are: sentence => [{ entry, rank, name }]. Rare grams tell more. */
const likeness = (entries) => {
  const own = entries.map(weighed), count = new Map();
  for (const each of own) for (const gram of each.keys()) count.set(gram, (count.get(gram) ?? 0) + 1);
  const tells = (gram) => Math.log(1 + entries.length / (count.get(gram) ?? 1));
  return (sentence) => {
    const asked = [...new Set(grams(sentence))];
    const score = ({ names }, at) =>
      asked.reduce((sum, gram) => sum + (own[at].get(gram) ?? 0) * tells(gram), 0)
      + WHOLE * Math.max(0, ...names.map(({ text }) => (text.length > 1 && sentence.includes(text) ? text.length : 0)));
    const scored = sorted(entries.map((entry, at) => ({ entry, rank: -score(entry, at), name: entry.plain, guess: true })));
    return scored.filter(({ rank }) => rank <= Math.min(-LEAST, scored[0].rank * NEAR));
  };
};

/**
 * A search over items and places: what was typed => [{ entry, name }], best first. `name` is
 * the name that matched, `guess` whether the entry is only alike. */
export const searcher = (entries, stops = []) => {
  const all = [...entries, ...stops], alike = likeness(entries);
  return (typed) => {
    const query = fold(typed), queries = [...new Set([query, bare(query)])].filter(Boolean);
    const found = sorted(all.map((entry) => match(queries, entry)).filter(Boolean));
    if (!queries.length || found.length > 2) return found;
    const have = new Set(found.map(({ entry }) => entry));
    return [...found, ...alike(queries.at(-1)).filter(({ entry }) => !have.has(entry))];
  };
};
