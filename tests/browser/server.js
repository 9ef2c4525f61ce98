// The program on a fresh database and a free port.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const target = process.env.CARGO_TARGET_DIR ?? new URL("../../target", import.meta.url).pathname;

/** The program that has GraphiQL in it, and the one that was built without. */
export const program = resolve(process.env.PROGRAM ?? join(target, "debug/customer-graph"));
export const bareProgram = process.env.BARE_PROGRAM && resolve(process.env.BARE_PROGRAM);

/** Starts the program where something was prepared; the test that is named ends it. */
export async function serve(test, of = program, prepare = async () => {}) {
  const directory = await mkdtemp(join(tmpdir(), "browser-"));
  await prepare(of, directory);
  const options = ["--listen", "127.0.0.1:0", "--log", "warn"];
  const server = spawn(of, options, { cwd: directory, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((end) => server.once("close", end).once("error", end));
  test.after(async () => {
    server.kill();
    await ended;
    await rm(directory, { recursive: true });
  });
  const lines = createInterface({ input: server.stdout });
  const first = new Promise((found) => lines.once("line", found));
  const line = await Promise.race([first, ended]);
  if (typeof line !== "string") throw new Error(`${of} did not start: ${line}`);
  return line.replace("listening on ", "");
}
