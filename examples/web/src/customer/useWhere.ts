// From what is typed into the search box to the condition that the server is asked for.

import type { CustomersQueryVariables } from "../gql/graphql";
import { useDebounced } from "../ui/useDebounced";

export function useWhere(search: string): CustomersQueryVariables {
  const text = useDebounced(search.trim(), 200);
  return text === "" ? {} : { where: { name: { contains: text, ignoreCase: true } } };
}
