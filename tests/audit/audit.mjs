// Runs the audits of the package graphql-http against the program that is named on the command line, once
// for each set of status codes, and prints those that fail. An audit that fails has to be an exception, and
// an exception has to fail.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { auditServer } from "graphql-http";

// What the first edition says otherwise: 422 for a request whose syntax is right.
const exceptions = {
  draft: [],
  edition: [
    "423L", // 400 for a request without a query
    "86EE", // 400 for variables that cannot be coerced
  ],
};

const program = resolve(process.argv[2] ?? "../../target/debug/customer-graph");
let faults = 0;
for (const [codes, excepted] of Object.entries(exceptions)) {
  const results = await withServer(codes, (url) => auditServer({ url: `${url}/graphql` }));
  const failed = results.filter((result) => result.status !== "ok");
  for (const { id, name, reason } of failed) {
    const isExcepted = excepted.includes(id);
    faults += isExcepted ? 0 : 1;
    console.log(`${codes}: ${id} ${name}: ${reason}${isExcepted ? " (excepted)" : ""}`);
  }
  const stale = excepted.filter((id) => !failed.some((result) => result.id === id));
  for (const id of stale) console.log(`${codes}: ${id} is excepted and does not fail`);
  faults += stale.length;
  console.log(`${codes}: ${results.length - failed.length} of ${results.length} audits pass`);
}
process.exitCode = faults === 0 ? 0 : 1;

async function withServer(codes, use) {
  const directory = await mkdtemp(join(tmpdir(), "audit-"));
  const options = ["--listen", "127.0.0.1:0", "--log", "warn", "--status-codes", codes];
  const server = spawn(program, options, { cwd: directory, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((end) => server.once("close", end).once("error", end));
  try {
    return await use(await address(server, ended));
  } finally {
    server.kill();
    await ended;
    await rm(directory, { recursive: true });
  }
}

async function address(server, ended) {
  const lines = createInterface({ input: server.stdout });
  const first = new Promise((found) => lines.once("line", found));
  const line = await Promise.race([first, ended]);
  if (typeof line !== "string") throw new Error(`${program} did not start: ${line}`);
  return line.replace("listening on ", "");
}
