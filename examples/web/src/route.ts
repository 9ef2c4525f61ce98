// Where somebody is, kept in the address's fragment, so that links and the back button work.

import { useSyncExternalStore } from "react";

export type Route =
  | { page: "home" }
  | { page: "new" }
  | { page: "customer"; id: string }
  | { page: "profile"; id: string };

export const href = {
  home: "#",
  new: "#new",
  customer: (id: string) => `#${new URLSearchParams({ customer: id })}`,
  profile: (id: string) => `#${new URLSearchParams({ profile: id })}`,
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
  const parameters = new URLSearchParams(hash.slice(1));
  const customer = parameters.get("customer");
  const profile = parameters.get("profile");
  if (customer !== null) return { page: "customer", id: customer };
  if (profile !== null) return { page: "profile", id: profile };
  return { page: parameters.has("new") ? "new" : "home" };
}
