// The build: static files, each beside its compressed forms, as the server embeds them.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig } from "vite";

/** What stays in the folder when it is emptied. */
const keeper = ".gitignore";

export default defineConfig({
  // Paths that begin at the page are right behind any prefix.
  base: "./",
  build: {
    // The page is `/graphiql`, so what lies beside it in this folder is `/graphiql/…`.
    assetsDir: "graphiql",
    // Fonts are files: the page's policy forbids those that stand in the text of a style.
    assetsInlineLimit: 0,
    // The editor is one large part, and it is wanted at once.
    chunkSizeWarningLimit: 4096,
    emptyOutDir: false,
    // Whoever passes the program on passes these packages on.
    license: { fileName: "graphiql/licenses.txt" },
    modulePreload: { polyfill: false },
    // Directives like "use client" mean nothing to a page that is all client.
    rolldownOptions: { onLog: (level, log, next) => log.code === "MODULE_LEVEL_DIRECTIVE" || next(level, log) },
    target: "es2022",
  },
  worker: { format: "es" },
  plugins: [emptied(), compressed()],
});

function emptied() {
  let folder;
  return {
    name: "emptied",
    apply: "build",
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    buildStart: async () => {
      await mkdir(folder, { recursive: true });
      const names = await readdir(folder);
      const old = names.filter((name) => name !== keeper);
      await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true })));
    },
  };
}

function compressed() {
  let folder;
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && entry.name !== keeper);
      await Promise.all(files.map((file) => compress(join(file.parentPath, file.name))));
    },
  };
}

/** Writes the forms of the file that are smaller than itself. */
async function compress(path) {
  const text = await readFile(path);
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
  const forms = { br: await promisify(brotliCompress)(text, brotli), gz: await promisify(gzip)(text, { level: 9 }) };
  for (const [ending, form] of Object.entries(forms)) {
    if (form.length < 0.9 * text.length) await writeFile(`${path}.${ending}`, form);
  }
}
