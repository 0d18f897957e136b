// Finds items and places by what was typed. No page, no network; docs/search.md tells the order.

/** Letters, characters and digits only; full width as half width, capitals as small ones. */
export const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/ü/g, "v").replace(/[^\p{L}\p{N}]/gu, "");

// Which characters a text has, a bit each, and which letters: what shares a bit is only looked at for nothing.
const bits = (text) => {
  let written = 0, letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128) letters |= 1 << (code % 32); else written |= 1 << (code % 32);
  }
  return { written, letters };
};

/** A reader of an index's names: each as it is, folded, by syllable, spelled in full, by its initials, and its bits. */
const reader = ({ readings, otherwise }) => {
  const read = new Map(Object.entries(readings).flatMap(([syllable, all]) => [...all].map((one) => [one, syllable])));
  return (name) => {
    const text = fold(name), syllables = otherwise[text]?.split(" ") ?? [...text].map((one) => read.get(one) ?? one);
    const full = syllables.join(""), { written, letters } = bits(text + full);
    return { name, text, syllables, full, initials: syllables.map((one) => one[0]).join(""), written, letters };
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

/** Whether what is left of the query stands at that place of the text. */
const stands = (query, from, text, to) => {
  for (; from < query.length; from++, to++) if (query.charCodeAt(from) !== text.charCodeAt(to)) return false;
  return true;
};

/** Whether `text` begins with the query but for one letter: another, one missing, one too many, two swapped. */
const slips = (query, text) => {
  let at = 0;
  while (at < query.length && query[at] === text[at]) at++;
  return stands(query, at + 1, text, at + 1) || stands(query, at, text, at + 1) || stands(query, at + 1, text, at)
    || (query[at] === text[at + 1] && query[at + 1] === text[at] && stands(query, at + 2, text, at + 2));
};

const ANY = /./, LETTERS = /^[a-z0-9]+$/, WRITTEN = /[^a-z0-9]/, SLIP = 1, ELSEWHERE = 2;

// Best first: which queries each is for, what it takes for a match with one name of an entry, and how many characters
// of the query the name may lack; ELSEWHERE looks at more than the name.
const MATCHES = [
  [ANY, (query, name) => query === name.text || query === name.full],
  [LETTERS, (query, name) => query === name.initials],
  [ANY, (query, name) => name.text.startsWith(query)],
  [ANY, (query, name) => name.text.includes(query)],
  [LETTERS, (query, name) => name.full.startsWith(query) || name.initials.startsWith(query)],
  [LETTERS, (query, name) => spells(query, name.syllables)],
  [/.{3}/, (query, name) => slips(query, name.text), SLIP],
  [/^[a-z0-9]{5,}$/, (query, name) => slips(query, name.full), SLIP],
  [WRITTEN, (query, name, { own }) => own && query.includes(own), ELSEWHERE],
  [/.{3}/, (query, name, { at }) => at && at.includes(query), ELSEWHERE],
];

/** How many bits are set, 2 for all that are more. */
const few = (word) => (word ? (word & (word - 1) ? 2 : 1) : 0);

/** How a query matches a name of an entry: the number of the first of MATCHES, or undefined. */
const matching = (query) => {
  const steps = MATCHES.flatMap(([fits, match, lack = 0], step) => (fits.test(query) ? [{ step, match, lack }] : []));
  const { written, letters } = bits(query);
  return (name, entry) => {
    const lacking = few(written & ~name.written) + few(letters & ~name.letters);
    for (const { step, match, lack } of steps)
      if ((lacking <= lack || lack === ELSEWHERE) && match(query, name, entry)) return step;
  };
};

/** The best match of an entry, { entry, rank, name }, or undefined. Of two names alike the shorter is nearer. */
const best = (ways, entry) => {
  let found;
  for (const way of ways)
    for (const name of entry.names) {
      const step = way(name, entry);
      if (step === undefined) continue;
      const rank = step * 1000 + name.text.length;
      if (!found || rank < found.rank) found = { entry, rank, name: name.name };
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
    const found = [];
    for (const entry of query.length > 1 ? all : entries) {
      const one = best(ways, entry);
      if (one) found.push(one);
    }
    sorted(found);
    const have = new Set(found.map(({ entry }) => entry));
    return found.length > 2 ? found : [...found, ...alike(bare).filter(({ entry }) => !have.has(entry))];
  };
};
