// Gives an association another status: at once on the page, then on the server, and back if that refuses.

import { useApolloClient, useMutation } from "@apollo/client/react";
import { graphql } from "../gql";
import { hasCode, messageOf } from "../graphql/errors";
import { useNotify } from "../ui/Notices";

const ChangeStatus = graphql(`
  mutation ChangeStatus($input: UpdateCustomerProfileInput!) {
    updateCustomerProfile(input: $input) {
      customerProfileEdge {
        __typename
        id
        status
        version
      }
      profileCustomerEdge {
        __typename
        id
        status
        version
      }
    }
  }
`);

/** Both sides of the association as they are now. */
const CurrentStatus = graphql(`
  query CurrentStatus($customerId: ID!, $profileId: ID!) {
    customer(id: $customerId) {
      id
      profile(id: $profileId) {
        id
        status
        version
      }
    }
    profile(id: $profileId) {
      id
      customer(id: $customerId) {
        id
        status
        version
      }
    }
  }
`);

/** One association, read from the side that `__typename` names. */
export interface Association {
  edge: { __typename: "CustomerProfileEdge" | "ProfileCustomerEdge"; id: string; status: string; version: number };
  customer: { id: string; name: string };
  profile: { id: string; name: string };
}

export function useChangeStatus({ edge, customer, profile }: Association) {
  const client = useApolloClient();
  const notify = useNotify();
  const [mutate, { loading }] = useMutation(ChangeStatus);
  const pair = { customerId: customer.id, profileId: profile.id };

  async function changeTo(status: string) {
    try {
      await mutate({
        variables: { input: { ...pair, status, expectedVersion: edge.version } },
        optimisticResponse: {
          updateCustomerProfile: {
            customerProfileEdge: expected(edge, "CustomerProfileEdge", status),
            profileCustomerEdge: expected(edge, "ProfileCustomerEdge", status),
          },
        },
      });
    } catch (error) {
      const isOvertaken = hasCode(error, "VERSION_CONFLICT", "NOT_ATTACHED");
      notify("bad", isOvertaken ? await catchUp().catch(messageOf) : messageOf(error));
    }
  }

  /** Fetches what somebody else has made of the association, by which every list shows it, and tells it. */
  async function catchUp() {
    const { data } = await client.query({ query: CurrentStatus, variables: pair, fetchPolicy: "network-only" });
    const current = data?.customer?.profile;
    if (current) {
      return `Somebody else changed this in the meantime: ${profile.name} is “${current.status}” for ${customer.name}.`;
    }
    // Lists have lost a row, which no edge can tell them.
    await client.refetchQueries({ include: "active" });
    return `Somebody else detached ${profile.name} from ${customer.name} in the meantime.`;
  }

  return { changeTo, isChanging: loading };
}

/**
 * One side of the association as it will be. Of the other side the page need not know the ID; what is kept
 * under this one goes with the optimistic response.
 */
function expected<Side extends Association["edge"]["__typename"]>(
  edge: Association["edge"],
  side: Side,
  status: string,
) {
  return { __typename: side, id: edge.__typename === side ? edge.id : "unknown", status, version: edge.version };
}
