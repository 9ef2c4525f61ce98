// Detaches a profile from a customer.

import { useMutation } from "@apollo/client/react";
import { graphql } from "../gql";
import { messageOf } from "../graphql/errors";
import { useNotify } from "../ui/Notices";
import type { Association } from "./useChangeStatus";

const DetachProfile = graphql(`
  mutation DetachProfile($input: DetachProfilesInput!) {
    detachProfiles(input: $input) {
      detachedProfileIds
      customer {
        id
        ...CustomerRow
        profiles(first: 20) {
          ...CustomerProfiles
        }
      }
    }
  }
`);

interface Props {
  association: Association;
  /** The button is gone by then, so something else has to take the focus. */
  onDetached: () => void;
}

export function DetachButton({ association: { customer, profile }, onDetached }: Props) {
  const [detach, { loading }] = useMutation(DetachProfile);
  const notify = useNotify();

  async function run() {
    try {
      await detach({ variables: { input: { customerId: customer.id, profileIds: [profile.id] } } });
      notify("good", `${profile.name} is detached from ${customer.name}.`);
      onDetached();
    } catch (error) {
      notify("bad", messageOf(error));
    }
  }

  return (
    <button
      type="button"
      className="quiet"
      aria-label={`Detach ${profile.name}`}
      disabled={loading}
      onClick={() => void run()}
    >
      Detach
    </button>
  );
}
