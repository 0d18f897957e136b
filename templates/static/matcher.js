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
  const read = reader(index), place = (tag, address, plain, beside, names, own) => (
    { address, tag, plain, beside, own, at: fold(beside), names: names.map((name) => ({ ...read(name), name: plain })) }
  );
  return [
    ...index.streets.map(([address, centre, name, at]) => place("街道中心", address, centre, at, [name, centre])),
    ...index.stations.map(([address, own, ending, at]) => (
      place("站点", address, own + index.endings[ending], at, [own + index.endings[ending]], own.length > 1 && own)
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
  const rest = (from, to) => {
    while (from < query.length) if (query[from++] !== text[to++]) return false;
    return true;
  };
  return rest(at + 1, at + 1) || rest(at, at + 1) || rest(at + 1, at)
    || (query[at] === text[at + 1] && query[at + 1] === text[at] && rest(at + 2, at + 2));
};

const ANY = /./, LETTERS = /^[a-z0-9]+$/, WRITTEN = /[^a-z0-9]/;

// Best first: which queries each is for, and what it takes for a match with one name of an entry.
const MATCHES = [
  [ANY, (query, name) => query === name.text || query === name.full],
  [LETTERS, (query, name) => query === name.initials],
  [ANY, (query, name) => name.text.startsWith(query)],
  [ANY, (query, name) => name.text.includes(query)],
  [LETTERS, (query, name) => name.full.startsWith(query) || name.initials.startsWith(query)],
  [LETTERS, (query, name) => spells(query, name.syllables)],
  [/.{3}/, (query, name) => slips(query, name.text)],
  [/^[a-z0-9]{5,}$/, (query, name) => slips(query, name.full)],
  [WRITTEN, (query, name, { own }) => own && query.includes(own)],
  [/.{3}/, (query, name, { at }) => at && at.includes(query)],
];

/** How a query matches a name of an entry: the number of the first of MATCHES, or undefined. */
const matching = (query) => {
  const steps = MATCHES.flatMap(([fits, match], step) => (fits.test(query) ? [[step, match]] : []));
  return (name, entry) => {
    for (const [step, match] of steps) if (match(query, name, entry)) return step;
  };
};

/** The best match of an entry, { entry, rank, name }, or undefined. Of two names alike the shorter is nearer. */
const best = (ways, entry) => {
  let found;
  for (const way of ways)
    for (const name of entry.names) {
      const step = way(name, entry), rank = step * 1000 + name.text.length;
      if (step !== undefined && !(found && found.rank <= rank)) found = { entry, rank, name: name.name };
    }
  return found;
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

/**
 * A search: what was typed => [{ entry, name, guess }], best first: by which name, and whether it is only alike.
 * One character says nothing about a place.
 */
export const searcher = (entries, fillers, stops = []) => {
  const all = [...entries, ...stops], alike = likeness(entries), filler = new RegExp(fillers, "g");
  return (typed) => {
    const query = fold(typed), bare = query.replace(filler, "") || query;
    if (!query) return [];
    const ways = [...new Set([query, bare])].map(matching);
    const found = sorted((query.length > 1 ? all : entries).map((entry) => best(ways, entry)).filter(Boolean));
    const have = new Set(found.map(({ entry }) => entry));
    return found.length > 2 ? found : [...found, ...alike(bare).filter(({ entry }) => !have.has(entry))];
  };
};
