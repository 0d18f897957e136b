// Answers queries by the published matcher over the published index, without a browser.
// node matcher.mjs RELEASE < queries.json: an array of queries; out comes, for each, [[address, name, guess]] best first.
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const release = process.argv[2];
const json = (address) => JSON.parse(readFileSync(`${release}${address}`, "utf8"));
const [matcher] = readdirSync(`${release}/static`).filter((name) => /^matcher\.[0-9a-f]{16}\.js$/.test(name));
const { items, places, searcher } = await import(pathToFileURL(`${release}/static/${matcher}`));
const index = json("/search/items.json");
const find = searcher(items(index, json(index.summaries)), index.fillers, index.stations.flatMap((file) => places(json(file))));
const answers = JSON.parse(readFileSync(0, "utf8")).map((query) =>
  find(query).slice(0, 10).map(({ entry, name, guess }) => [entry.address, name, guess === true]));
process.stdout.write(JSON.stringify(answers));
