// Where somebody is, kept in the address's fragment, so that links and the back button work.

import { useSyncExternalStore } from "react";

export type Route =
  | { page: "home" }
  | { page: "new" }
  | { page: "customer"; id: string }
  | { page: "profile"; id: string };

export const href = {
  home: "#/",
  new: "#/new",
  customer: (id: string) => `#/customers/${encodeURIComponent(id)}`,
  profile: (id: string) => `#/profiles/${encodeURIComponent(id)}`,
};

export function useRoute(): Route {
  return parse(useSyncExternalStore(subscribe, () => window.location.hash));
}

export function goTo(address: string) {
  window.location.hash = address;
}

function subscribe(onChange: () => void) {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

function parse(hash: string): Route {
  const [, kind, id] = hash.split("/");
  if (kind === "new") return { page: "new" };
  if (kind === "customers" && id) return { page: "customer", id: decodeURIComponent(id) };
  if (kind === "profiles" && id) return { page: "profile", id: decodeURIComponent(id) };
  return { page: "home" };
}
