// Attaches a profile to a customer.

import { useMutation } from "@apollo/client/react";
import { useState, type FormEvent } from "react";
import { graphql } from "../gql";
import { errorAt, fieldErrorsOf, messageOf } from "../graphql/errors";
import { useFaultFocus } from "../ui/useFaultFocus";
import { useNotify } from "../ui/Notices";
import { DraftFields } from "./DraftFields";
import { emptyDraft, inputOf } from "./draft";

const AttachProfile = graphql(`
  mutation AttachProfile($input: AttachProfilesInput!) {
    attachProfiles(input: $input) {
      attached {
        outcome
        edge {
          id
          status
          node {
            id
            name
          }
        }
      }
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

export function AttachForm({ customer }: { customer: { id: string; name: string } }) {
  const [draft, setDraft] = useState(emptyDraft);
  const [attach, { loading, error }] = useMutation(AttachProfile);
  const notify = useNotify();
  const form = useFaultFocus(error);
  const errors = fieldErrorsOf(error);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const variables = { input: { customerId: customer.id, profiles: [inputOf(draft)] } };
    // What went wrong is in `error`.
    const answer = await attach({ variables }).catch(() => undefined);
    const attached = answer?.data?.attachProfiles.attached[0];
    if (!attached) return;
    const { name } = attached.edge.node;
    notify("good", `${name} ${outcomes[attached.outcome]} as “${attached.edge.status}”.`);
    setDraft(emptyDraft());
  }

  return (
    <form
      ref={form}
      className="attach"
      aria-label="Attach a profile"
      noValidate
      onSubmit={(event) => void submit(event)}
    >
      <h2>Attach a profile</h2>
      {error && !errorAt(errors, "input.profiles") && <p role="alert">{messageOf(error)}</p>}
      <DraftFields draft={draft} onChange={setDraft} errors={errors} path="input.profiles.0">
        <button type="submit" disabled={loading}>
          Attach
        </button>
      </DraftFields>
    </form>
  );
}

const outcomes = {
  ATTACHED: "is attached",
  UNCHANGED: "was attached already",
  UPDATED: "was attached already, and is now attached",
};
