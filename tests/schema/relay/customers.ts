// What relay-compiler takes: connections that are paged through, edges as fragments, lists kept right by mutations.

import { graphql } from "relay-runtime";

export const query = graphql`
  query customersQuery($where: CustomerWhere) {
    ...customers_list @arguments(where: $where)
  }
`;

export const list = graphql`
  fragment customers_list on Query
  @refetchable(queryName: "customersListQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    where: { type: "CustomerWhere" }
  ) {
    customers(first: $first, after: $after, where: $where) @connection(key: "customers_customers") {
      edges {
        node {
          id
          name
          ...customers_profiles
        }
      }
    }
  }
`;

export const profiles = graphql`
  fragment customers_profiles on Customer
  @refetchable(queryName: "customersProfilesQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 20 }, before: { type: "String" }) {
    profiles(last: $last, before: $before) @connection(key: "customers_profiles", filters: []) {
      edges {
        ...customers_edge
        node {
          __typename
        }
      }
      statusCounts {
        status
        count
      }
    }
  }
`;

export const edge = graphql`
  fragment customers_edge on CustomerProfileEdge {
    id
    status
    node {
      id
      name
    }
  }
`;

export const create = graphql`
  mutation customersCreateMutation($input: CreateCustomerInput!, $connections: [ID!]!) {
    createCustomer(input: $input) {
      customer @prependNode(connections: $connections, edgeTypeName: "CustomerEdge") {
        id
        name
      }
    }
  }
`;

export const attach = graphql`
  mutation customersAttachMutation($input: AttachProfileInput!, $connections: [ID!]!) {
    attachProfile(input: $input) {
      outcome
      customerProfileEdge @appendEdge(connections: $connections) {
        ...customers_edge
      }
    }
  }
`;

export const remove = graphql`
  mutation customersDeleteMutation($input: DeleteCustomerInput!, $connections: [ID!]!) {
    deleteCustomer(input: $input) {
      deletedCustomerId @deleteEdge(connections: $connections)
    }
  }
`;
