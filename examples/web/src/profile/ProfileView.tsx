// One profile, with the customers that it is attached to: the same associations from the other side.

import { useQuery } from "@apollo/client/react";
import { StatusSelect } from "../association/StatusSelect";
import { graphql } from "../gql";
import { messageOf } from "../graphql/errors";
import { href } from "../route";
import { Avatar } from "../ui/Avatar";
import { MoreButton } from "../ui/MoreButton";
import { PageHeading } from "../ui/PageHeading";

const Profile = graphql(`
  query Profile($id: ID!, $after: String) {
    profile(id: $id) {
      id
      name
      customers(first: 20, after: $after) {
        edges {
          __typename
          id
          status
          version
          node {
            id
            name
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
    }
  }
`);

export function ProfileView({ id }: { id: string }) {
  const { data, error, fetchMore } = useQuery(Profile, {
    variables: { id },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  if (error) return <p role="alert">{messageOf(error)}</p>;
  if (!data) return <p className="empty">Loading…</p>;
  if (!data.profile) return <p className="empty">There is no such profile.</p>;

  const { profile } = data;
  const { edges, pageInfo, totalCount } = profile.customers;
  return (
    <article>
      <header className="title">
        <div>
          <PageHeading text={profile.name} />
          <p className="hint">
            {totalCount} {totalCount === 1 ? "customer has" : "customers have"} this profile
          </p>
        </div>
      </header>
      <ul className="associations">
        {edges.map((edge) => (
          <li key={edge.id}>
            <a href={href.customer(edge.node.id)}>
              <Avatar name={edge.node.name} /> {edge.node.name}
            </a>
            <StatusSelect
              association={{ edge, profile, customer: edge.node }}
              label={`Status of ${edge.node.name}`}
            />
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && (
        <MoreButton onMore={() => fetchMore({ variables: { after: pageInfo.endCursor } })} />
      )}
    </article>
  );
}
