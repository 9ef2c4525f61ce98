// Documents as gql.tada types them, without generated code.

import { initGraphQLTada, readFragment, type ResultOf, type VariablesOf } from "gql.tada";

import type { introspection } from "./schema";

const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();

const ProfileOfCustomer = graphql(`
  fragment ProfileOfCustomer on CustomerProfileEdge {
    id
    status
    updatedAt
    node {
      id
      name
    }
  }
`);

const CreateCustomer = graphql(
  `
    mutation CreateCustomer($input: CreateCustomerInput!) {
      createCustomer(input: $input) {
        customer {
          id
          phoneNumber
          profiles(first: 10) {
            edges {
              ...ProfileOfCustomer
            }
            statusCounts {
              status
              count
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      }
    }
  `,
  [ProfileOfCustomer],
);

export const variables: VariablesOf<typeof CreateCustomer> = {
  input: {
    name: "Pavitar Singh",
    profiles: [{ status: "active", node: { create: { name: "Developer" } } }, { node: { id: "Profile:1" } }],
  },
};

export function statuses(result: ResultOf<typeof CreateCustomer>): string[] {
  const { edges, pageInfo } = result.createCustomer.customer.profiles;
  pageInfo.endCursor satisfies string | null;
  return edges.map((edge) => readFragment(ProfileOfCustomer, edge).status);
}

// @ts-expect-error a status is a text
export const wrong: VariablesOf<typeof CreateCustomer> = { input: { name: "Ada", profiles: [{ status: 1, node: { id: "Profile:1" } }] } };

const AttachProfile = graphql(`
  mutation AttachProfile($input: AttachProfileInput!) {
    attachProfile(input: $input) {
      outcome
    }
  }
`);

export function isNew(result: ResultOf<typeof AttachProfile>): boolean {
  result.attachProfile.outcome satisfies "ATTACHED" | "UNCHANGED" | "UPDATED";
  return result.attachProfile.outcome === "ATTACHED";
}
