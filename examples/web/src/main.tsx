// Puts the application on the page.

import { ApolloProvider } from "@apollo/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { createClient } from "./graphql/client";
import { NoticeProvider } from "./ui/Notices";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/lists.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no element #root");

createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={createClient("/graphql")}>
      <NoticeProvider>
        <App />
      </NoticeProvider>
    </ApolloProvider>
  </StrictMode>,
);
