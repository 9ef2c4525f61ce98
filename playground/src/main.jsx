// The page: GraphiQL on the server beside it.

import "./workers.js";
import "./style.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { getIntrospectionQuery } from "graphql";
import { createRoot } from "react-dom/client";

import { steps } from "./steps.js";

// Found beside the page, wherever a proxy has put it.
const post = createGraphiQLFetcher({ url: new URL("graphql", location.href).href });

// GraphiQL asks everything but which inputs take exactly one field.
const introspection = getIntrospectionQuery({ oneOf: true, specifiedByUrl: true });

// For a moment after another tab was opened, GraphiQL names the operation of the one before.
function fetcher(request, options) {
  const { operationName, ...unnamed } = request;
  if (operationName === "IntrospectionQuery") return post({ ...request, query: introspection }, options);
  const names = operationName && new RegExp(`\\b${operationName}\\b`).test(request.query);
  return post(names ? request : unnamed, options);
}

const plugins = [HISTORY_PLUGIN, explorerPlugin()];

// GraphiQL restores the open tab by what it had last, and has nothing before that tab was edited.
if (localStorage.getItem("graphiql:tabState") === null) {
  localStorage.setItem("graphiql:query", steps[0].query);
  localStorage.setItem("graphiql:variables", steps[0].variables);
}

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    defaultTabs={steps}
    defaultQuery=""
    defaultEditorToolsVisibility="variables"
    // They may hold secrets.
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>
      <a href="./">customer-graph</a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
