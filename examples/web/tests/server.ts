// The real program on a database of its own.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const program = resolve(process.env["CUSTOMER_GRAPH"] ?? "../../target/debug/customer-graph");

export class Server {
  readonly url: string;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(url: string, directory: string, process: ChildProcess) {
    this.url = url;
    this.#directory = directory;
    this.#process = process;
  }

  /** `demo`: the options of the command that fills the database. */
  static async start(demo: string[] = []) {
    const directory = await mkdtemp(join(tmpdir(), "customer-graph-"));
    if (demo.length > 0) execFileSync(program, ["demo", ...demo, "--log", "warn"], { cwd: directory, stdio: "ignore" });
    const options = ["--listen", "127.0.0.1:0", "--log", "warn"];
    const child = spawn(program, options, { cwd: directory, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    return new Server(String(line).replace("listening on ", ""), directory, child);
  }

  /** Sends a request as another client does. */
  async send<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async stop() {
    this.#process.kill();
    await once(this.#process, "close");
    await rm(this.#directory, { recursive: true });
  }
}
