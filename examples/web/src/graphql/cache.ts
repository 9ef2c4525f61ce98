// What is kept of the server's answers.

import { InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

/**
 * Customers, profiles and the edges between them are kept once, by their `id`, and lists refer to them: when a
 * mutation answers with an edge's new status, every list shows it.
 *
 * A list is named by what it is of and by the size of its pages, so that the first three profiles of a
 * customer and all of them do not replace each other.
 */
export function createCache() {
  const list = relayStylePagination(["first", "where", "orderBy"]);
  return new InMemoryCache({
    typePolicies: {
      Query: { fields: { customers: list, profiles: list } },
      Customer: { fields: { profiles: list } },
      Profile: { fields: { customers: list } },
    },
  });
}
