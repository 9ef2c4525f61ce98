// Documents as graphql-codegen types them, used as a frontend uses them.

import { useFragment } from "./generated";
import {
  AttachProfileDocument,
  CreateCustomerDocument,
  CustomersPageDocument,
  CustomerWithProfilesFragmentDoc,
  ObjectsDocument,
  ProfileOfCustomerFragmentDoc,
  StatusCountsDocument,
} from "./generated/graphql";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";

declare function send<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Data;

const { createCustomer } = send(CreateCustomerDocument, {
  input: {
    name: "Pavitar Singh",
    phoneNumber: "1234566700",
    profiles: [{ status: "active", node: { create: { name: "Developer" } } }],
  },
});
const customer = useFragment(CustomerWithProfilesFragmentDoc, createCustomer.customer);
export const phoneNumber: string | null | undefined = customer.phoneNumber;
export const statuses: string[] = customer.profiles.edges.map(
  (edge) => useFragment(ProfileOfCustomerFragmentDoc, edge).status,
);

// @ts-expect-error an edge leads to exactly one of a node that exists and a new one
send(CreateCustomerDocument, { input: { name: "Ada", profiles: [{ node: { id: "Profile:1", create: { name: "A" } } }] } });

const { attachProfile } = send(AttachProfileDocument, {
  input: { customerId: "Customer:1", profileId: "Profile:1", status: "paused", onExisting: "ERROR" },
});
export const outcome: "ATTACHED" | "UNCHANGED" | "UPDATED" = attachProfile.outcome;

const { customers } = send(CustomersPageDocument, {
  where: { profiles: { some: { status: { eq: "active" }, node: { name: { startsWith: "D" } } } } },
  orderBy: [{ name: "ASC" }, { createdAt: "DESC" }],
});
export const next: string | null | undefined = customers.pageInfo.endCursor;
export const names: string[] = customers.edges.map((edge) => edge.node.name);

const counts = send(StatusCountsDocument, { id: "Customer:1" }).customer?.profiles.statusCounts ?? [];
export const total: number = counts.reduce((sum, { count }) => sum + count, 0);

for (const node of send(ObjectsDocument, { ids: ["Customer:1", "Profile:1"] }).nodes) {
  if (node?.__typename === "Profile") node.customers.nodes satisfies { name: string }[];
}
