// The worker of the query editor: that of monaco-graphql, but for what it says of variables.

import { initialize } from "monaco-editor/esm/vs/editor/editor.worker";
import { GraphQLWorker } from "monaco-graphql/esm/GraphQLWorker";

import { variablesSchema } from "./variables-schema.js";

class Worker extends GraphQLWorker {
  /** Null leaves what was said before: as long as a query that is being typed makes no sense. */
  async doGetVariablesJSONSchema(uri) {
    const text = this._getTextModel(uri)?.getValue() ?? "";
    const schema = this._languageService.getSchemaForFile(uri)?.schema;
    if (schema === undefined) return null;
    if (text.trim() === "") return {};
    try {
      return variablesSchema(schema, this._languageService.parse(text));
    } catch {
      return null;
    }
  }
}

globalThis.onmessage = () => {
  initialize((context, data) => new Worker(context, data));
};
