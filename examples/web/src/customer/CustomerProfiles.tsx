// The profiles that are attached to a customer, each with its status.

import { useRef } from "react";
import { DetachButton } from "../association/DetachButton";
import { StatusSelect } from "../association/StatusSelect";
import { graphql, readFragment, type FragmentType } from "../gql";
import { href } from "../route";
import { MoreButton } from "../ui/MoreButton";

const CustomerProfilesFragment = graphql(`
  fragment CustomerProfiles on CustomerProfileConnection {
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
`);

interface Props {
  customer: { id: string; name: string };
  connection: FragmentType<typeof CustomerProfilesFragment>;
  onMore: (after: string | null) => Promise<unknown>;
}

export function CustomerProfiles({ customer, connection, onMore }: Props) {
  const { edges, pageInfo, totalCount } = readFragment(CustomerProfilesFragment, connection);
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section aria-labelledby="profiles">
      <h2 id="profiles" ref={heading} tabIndex={-1}>
        Profiles <span className="count">{totalCount}</span>
      </h2>
      {edges.length === 0 && <p className="empty">No profile is attached.</p>}
      <ul className="associations">
        {edges.map((edge) => {
          const association = { edge, customer, profile: edge.node };
          return (
            <li key={edge.id}>
              <a href={href.profile(edge.node.id)}>{edge.node.name}</a>
              <StatusSelect association={association} label={`Status of ${edge.node.name}`} />
              <DetachButton association={association} onDetached={() => heading.current?.focus()} />
            </li>
          );
        })}
      </ul>
      {pageInfo.hasNextPage && <MoreButton onMore={() => onMore(pageInfo.endCursor)} />}
    </section>
  );
}
