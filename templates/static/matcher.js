// Finds items and places by what was typed. No page, no network; docs/search.md tells the order.

/** Letters, characters and digits only; full width as half width, capitals as small ones. */
export const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/ü/g, "v").replace(/[^\p{L}\p{N}]/gu, "");

/** A reader of an index's names: each as it is, folded, by syllable, spelled in full, and by its initials. */
const reader = ({ readings, otherwise }) => {
  const read = new Map(Object.entries(readings).flatMap(([syllable, all]) => [...all].map((one) => [one, syllable])));
  return (name) => {
    const text = fold(name), syllables = otherwise[text]?.split(" ") ?? [...text].map((one) => read.get(one) ?? one);
    return { name, text, syllables, full: syllables.join(""), initials: syllables.map((one) => one[0]).join("") };
  };
};

/** The entries of items.json, with what summaries.json says of each. */
export const items = (index, summaries = []) => index.items.map(([address, tag, ...names], at) => (
  { address, tag, plain: names[0], beside: names[1], names: names.map(reader(index)), summary: summaries[at] ?? "" }
));

/** The entries of a file of stations: the streets' centres, then the stations; `own` is a station's name without its ending. */
export const places = (index) => {
  const read = reader(index), place = (tag, address, plain, beside, names, own = "") => (
    { address, tag, plain, beside, names: names.map(read), own, at: fold(beside) }
  );
  return [
    ...index.streets.map(([address, centre, name, at]) => place("街道中心", address, centre, at, [name, centre])),
    ...index.stations.map(([address, own, ending, at]) => (
      place("站点", address, own + index.endings[ending], at, [own + index.endings[ending]], own)
    )),
  ];
};

/** Whether letters spell the first syllables, each by as much of its beginning as one likes: huixyuan for hui xiang yuan. */
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

// Best first: what each takes for a match of a query and one name of an entry.
const MATCHES = [
  (query, name) => query === name.text || query === name.full,
  (query, name) => query === name.initials,
  (query, name) => name.text.startsWith(query),
  (query, name) => name.text.includes(query),
  (query, name) => name.full.startsWith(query) || name.initials.startsWith(query),
  (query, name) => spells(query, name.syllables),
  (query, name) => (query.length > 2 && slips(query, name.text)) || (query.length > 4 && slips(query, name.full)),
  (query, name, { own }) => own?.length > 1 && query.includes(own),
  (query, name, { at }) => query.length > 2 && at?.includes(query),
];

/** The best match of an entry, { entry, rank, name }, or undefined. Of two names alike the shorter is nearer. */
const match = (queries, entry) => {
  let best;
  for (const query of queries)
    for (const name of entry.names) {
      const step = MATCHES.findIndex((matches) => matches(query, name, entry));
      const rank = step * 1000 + name.text.length;
      if (step >= 0 && !(best?.rank <= rank)) best = { entry, rank, name: name.name };
    }
  return best;
};

const sorted = (found) => found.sort((one, other) => one.rank - other.rank);

/** Every character, every two of them, and every three letters. */
const grams = (text) => ["[^a-z0-9]", "[^a-z0-9]{2}", "[a-z0-9]{3}"]
  .flatMap((gram) => [...text.matchAll(`(?=(${gram}))`)].map(([, found]) => found));

// What a single character or three letters, a word of the summary and each character of a whole name count, beside a pair's 1;
// the least that is worth showing, and how near to the best.
const SINGLE = 0.4, SUMMARY = 0.3, WHOLE = 0.5, LEAST = 1.8, NEAR = 0.5;

/** Which entries a sentence is like: sentence => [{ entry, rank, name, guess }]. Rare words tell more. */
const likeness = (entries) => {
  const size = (gram) => (gram.length === 2 ? 1 : SINGLE), count = {};
  const own = entries.map(({ names, summary }) => {
    const weights = new Map(grams(fold(summary)).map((gram) => [gram, SUMMARY * size(gram)]));
    for (const { text, full } of names) for (const gram of grams(`${text} ${full}`)) weights.set(gram, size(gram));
    for (const gram of weights.keys()) count[gram] = (count[gram] ?? 0) + 1;
    return weights;
  });
  return (sentence) => {
    const asked = [...new Set(grams(sentence))].filter((gram) => count[gram]);
    const score = ({ names }, at) =>
      asked.reduce((sum, gram) => sum + (own[at].get(gram) ?? 0) * Math.log(1 + entries.length / count[gram]), 0)
      + WHOLE * Math.max(...names.map(({ text }) => (text.length > 1 && sentence.includes(text) ? text.length : 0)));
    const scored = sorted(entries.map((entry, at) => ({ entry, rank: -score(entry, at), name: entry.plain, guess: true })));
    return scored.filter(({ rank }) => rank <= Math.min(-LEAST, scored[0].rank * NEAR));
  };
};

/** A search: what was typed => [{ entry, name, guess }], best first: by which name, and whether it is only alike. */
export const searcher = (entries, fillers, stops = []) => {
  const all = [...entries, ...stops], alike = likeness(entries), filler = new RegExp(fillers, "g");
  return (typed) => {
    const query = fold(typed), bare = query.replace(filler, "") || query;
    if (!query) return [];
    const found = sorted(all.map((entry) => match(new Set([query, bare]), entry)).filter(Boolean));
    const have = new Set(found.map(({ entry }) => entry));
    return found.length > 2 ? found : [...found, ...alike(bare).filter(({ entry }) => !have.has(entry))];
  };
};
