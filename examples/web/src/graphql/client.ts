// How the application speaks to the server.

import { ApolloClient, HttpLink } from "@apollo/client";
import { createCache } from "./cache";

export function createClient(uri: string) {
  return new ApolloClient({ link: new HttpLink({ uri }), cache: createCache() });
}
