// A customer in a list, with the first of its profiles and their statuses.

import { graphql, readFragment, type FragmentType } from "../gql";
import { StatusChip } from "../association/StatusChip";
import { href } from "../route";
import { Avatar } from "../ui/Avatar";

const CustomerRowFragment = graphql(`
  fragment CustomerRow on Customer {
    id
    name
    preview: profiles(first: 3) {
      edges {
        id
        status
        node {
          id
          name
        }
      }
      totalCount
    }
  }
`);

interface Props {
  customer: FragmentType<typeof CustomerRowFragment>;
  isChosen: boolean;
}

export function CustomerRow({ customer, isChosen }: Props) {
  const { id, name, preview } = readFragment(CustomerRowFragment, customer);
  const others = preview.totalCount - preview.edges.length;
  return (
    <li>
      <a className="customer" href={href.customer(id)} aria-current={isChosen ? "page" : undefined}>
        <Avatar name={name} />
        <span className="customer-name">{name}</span>
        <span className="chips">
          {preview.edges.map((edge) => (
            <StatusChip key={edge.id} name={edge.node.name} status={edge.status} />
          ))}
          {others > 0 && <span className="others">+{others}</span>}
        </span>
      </a>
    </li>
  );
}
