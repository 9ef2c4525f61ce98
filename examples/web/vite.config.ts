import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where the GraphQL server is. Pages reach it by way of their own origin, so it needs no CORS. */
const server = process.env["CUSTOMER_GRAPH_URL"] ?? "http://127.0.0.1:8000";
const proxy = { "/graphql": server };

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
});
