// All customers, newest first, or those whose names contain what is searched for.

import type { ApolloCache } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../gql";
import type { CustomersQuery } from "../gql/graphql";
import { messageOf } from "../graphql/errors";
import { href } from "../route";
import { MoreButton } from "../ui/MoreButton";
import { CustomerRow } from "./CustomerRow";
import { useWhere } from "./useWhere";

const Customers = graphql(`
  query Customers($where: CustomerWhere, $after: String) {
    customers(first: 30, after: $after, where: $where, orderBy: [{ createdAt: DESC }]) {
      edges {
        node {
          id
          ...CustomerRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

export function CustomerList({ chosen }: { chosen: string | undefined }) {
  const [search, setSearch] = useState("");
  const variables = useWhere(search);
  const { data, previousData, error, loading, fetchMore } = useQuery(Customers, { variables });
  // While a search runs, the list stays what it was.
  const customers = (data ?? previousData)?.customers;

  return (
    <>
      <header className="side-header">
        <h1>
          Customers <span className="count">{customers?.totalCount.toLocaleString()}</span>
        </h1>
        <a className="button" href={href.new}>
          New customer
        </a>
        <input
          type="search"
          className="search"
          aria-label="Search customers by name"
          placeholder="Search by name"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </header>
      {error && <p role="alert">{messageOf(error)}</p>}
      <nav className="scroll" aria-label="Customers" aria-busy={loading}>
        <ul className="customers">
          {customers?.edges.map(({ node }) => (
            <CustomerRow key={node.id} customer={node} isChosen={node.id === chosen} />
          ))}
        </ul>
        {customers?.edges.length === 0 && (
          <p className="empty">{variables.where ? "No customer is called that." : "There are no customers yet."}</p>
        )}
        {data?.customers.pageInfo.hasNextPage && (
          <MoreButton onMore={() => fetchMore({ variables: { after: data.customers.pageInfo.endCursor } })} />
        )}
      </nav>
    </>
  );
}

/** Puts a new customer at the top of the list of all. */
export function prependCustomer(cache: ApolloCache, edge: CustomersQuery["customers"]["edges"][number]) {
  cache.updateQuery({ query: Customers }, (data) => {
    if (!data) return;
    const { customers } = data;
    return { customers: { ...customers, edges: [edge, ...customers.edges], totalCount: customers.totalCount + 1 } };
  });
}
