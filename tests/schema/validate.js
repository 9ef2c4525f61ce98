// Has graphql-inspector validate the documents against the schema.

import { readdir, readFile } from "node:fs/promises";
import { validate } from "@graphql-inspector/core";
import { buildSchema, Source } from "graphql";

const schema = buildSchema(await readFile("../../schema.graphql", "utf8"));
const names = await readdir("documents");
const documents = await Promise.all(
  names.map(async (name) => new Source(await readFile(`documents/${name}`, "utf8"), name)),
);
const options = { strictFragments: true, strictDeprecated: true, keepClientFields: false };
const invalid = validate(schema, documents, options);
for (const { source, errors, deprecated } of invalid) {
  for (const error of [...errors, ...deprecated]) console.log(`${source.name}: ${error}`);
}
console.log(`${documents.length - invalid.length} of ${documents.length} documents are valid`);
process.exitCode = documents.length > 0 && invalid.length === 0 ? 0 : 1;
