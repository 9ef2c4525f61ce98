// Creates a customer together with its profiles.

import { useMutation } from "@apollo/client/react";
import { useRef, useState, type FormEvent } from "react";
import { DraftFields } from "../association/DraftFields";
import { emptyDraft, inputOf, type Draft } from "../association/draft";
import { graphql } from "../gql";
import { errorAt, fieldErrorsOf, messageOf } from "../graphql/errors";
import { goTo, href } from "../route";
import { Field } from "../ui/Field";
import { useNotify } from "../ui/Notices";
import { PageHeading } from "../ui/PageHeading";
import { useFaultFocus } from "../ui/useFaultFocus";
import { prependCustomer } from "./CustomerList";

const CreateCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customerEdge {
        node {
          id
          name
          ...CustomerRow
        }
      }
    }
  }
`);

export function CustomerForm() {
  const [name, setName] = useState("");
  const [phoneNumber, setPhoneNumber] = useState("");
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const [create, { loading, error }] = useMutation(CreateCustomer, {
    update: (cache, { data }) => data && prependCustomer(cache, data.createCustomer.customerEdge),
  });
  const notify = useNotify();
  const form = useFaultFocus(error);
  const addButton = useRef<HTMLButtonElement>(null);
  const errors = fieldErrorsOf(error);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = { name, phoneNumber: phoneNumber.trim() || null, profiles: drafts.map(inputOf) };
    // What went wrong is in `error`.
    const answer = await create({ variables: { input } }).catch(() => undefined);
    if (!answer?.data) return;
    const { node } = answer.data.createCustomer.customerEdge;
    notify("good", `${node.name} is created.`);
    goTo(href.customer(node.id));
  }

  return (
    <form ref={form} aria-label="New customer" noValidate onSubmit={(event) => void submit(event)}>
      <PageHeading text="New customer" />
      {error && (
        <p role="alert">
          {Object.keys(errors).length > 0 ? "Nothing was created: see the fields below." : messageOf(error)}
        </p>
      )}
      <div className="pair">
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={errorAt(errors, "input.name")}
        />
        <Field
          label="Phone number"
          type="tel"
          value={phoneNumber}
          onChange={(event) => setPhoneNumber(event.target.value)}
          error={errorAt(errors, "input.phoneNumber")}
        />
      </div>
      <h2>Profiles</h2>
      <ul className="drafts">
        {drafts.map((draft, index) => (
          <li key={draft.key} aria-label={`Profile ${index + 1}`}>
            <DraftFields
              draft={draft}
              onChange={(changed) => setDrafts(drafts.with(index, changed))}
              errors={errors}
              path={`input.profiles.${index}`}
              autoFocus
            >
              <button
                type="button"
                className="quiet"
                aria-label={`Remove profile ${index + 1}`}
                onClick={() => {
                  setDrafts(drafts.toSpliced(index, 1));
                  addButton.current?.focus();
                }}
              >
                Remove
              </button>
            </DraftFields>
          </li>
        ))}
      </ul>
      <div className="actions">
        <button
          ref={addButton}
          type="button"
          className="secondary"
          onClick={() => setDrafts([...drafts, emptyDraft()])}
        >
          Add a profile
        </button>
        <button type="submit" disabled={loading}>
          Create customer
        </button>
      </div>
    </form>
  );
}
