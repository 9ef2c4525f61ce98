// One customer.

import { useQuery } from "@apollo/client/react";
import { AttachForm } from "../association/AttachForm";
import { graphql } from "../gql";
import { messageOf } from "../graphql/errors";
import { Avatar } from "../ui/Avatar";
import { PageHeading } from "../ui/PageHeading";
import { CustomerProfiles } from "./CustomerProfiles";

const Customer = graphql(`
  query Customer($id: ID!, $after: String) {
    customer(id: $id) {
      id
      name
      phoneNumber
      createdAt
      profiles(first: 20, after: $after) {
        ...CustomerProfiles
      }
    }
  }
`);

export function CustomerView({ id }: { id: string }) {
  // What is in the cache is shown at once, and brought up to date.
  const { data, error, fetchMore } = useQuery(Customer, {
    variables: { id },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  if (error) return <p role="alert">{messageOf(error)}</p>;
  if (!data) return <p className="empty">Loading…</p>;
  if (!data.customer) return <p className="empty">There is no such customer.</p>;

  const { name, phoneNumber, createdAt, profiles } = data.customer;
  return (
    <article>
      <header className="title">
        <Avatar name={name} />
        <div>
          <PageHeading text={name} />
          <p className="hint">
            {phoneNumber ?? "no phone number"} · since{" "}
            <time dateTime={createdAt}>{new Date(createdAt).toLocaleDateString("en", { dateStyle: "long" })}</time>
          </p>
        </div>
      </header>
      <CustomerProfiles
        customer={data.customer}
        connection={profiles}
        onMore={(after) => fetchMore({ variables: { after } })}
      />
      <AttachForm customer={data.customer} />
    </article>
  );
}
