// An association that is being written: what stands in the form, and the input that it becomes.

import type { CustomerProfileInput, ProfileNodeInput } from "../gql/graphql";

export type Way = "id" | "findOrCreate" | "create";

/** In the form's terms: what was typed is kept while somebody tries the ways of naming a profile. */
export interface Draft {
  key: number;
  status: string;
  way: Way;
  name: string;
  picked: { id: string; name: string } | undefined;
}

export function emptyDraft(): Draft {
  return { key: Math.random(), status: "active", way: "id", name: "", picked: undefined };
}

export function inputOf(draft: Draft): CustomerProfileInput {
  return { status: draft.status, node: nodeOf(draft) };
}

function nodeOf({ way, name, picked }: Draft): ProfileNodeInput {
  switch (way) {
    case "id":
      return { id: picked?.id ?? "" };
    case "findOrCreate":
      return { findOrCreate: { name } };
    case "create":
      return { create: { name } };
  }
}
