export default function (config) {
  config.setQuietMode(true);
  config.addPassthroughCopy({ static: "static" });
  return { dir: { input: "pages", output: "public" } };
}
