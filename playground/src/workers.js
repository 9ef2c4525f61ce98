// The editors' workers, each a file of its own: GraphiQL's own set-up logs every worker that it starts.

import EditorWorker from "monaco-editor/esm/vs/editor/editor.worker.js?worker";
import JsonWorker from "monaco-editor/esm/vs/language/json/json.worker.js?worker";

import QueryWorker from "./query-worker.js?worker";

const workers = { json: JsonWorker, graphql: QueryWorker };

globalThis.MonacoEnvironment = {
  getWorker: (_, label) => new (workers[label] ?? EditorWorker)(),
};
