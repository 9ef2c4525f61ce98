// What went wrong, as the server's codes and fields tell it.

import { CombinedGraphQLErrors } from "@apollo/client/errors";

export type Code = "BAD_USER_INPUT" | "NOT_ATTACHED" | "NOT_FOUND" | "VERSION_CONFLICT";

export function hasCode(error: unknown, ...codes: Code[]) {
  return errorsOf(error).some(({ extensions }) => codes.some((code) => extensions?.["code"] === code));
}

/** A sentence for people. */
export function messageOf(error: unknown) {
  const [first] = errorsOf(error);
  const message = first?.message ?? (error instanceof Error ? error.message : String(error));
  return sentence(message);
}

/** Messages by the path into the input that each is about, as in `input.profiles.0.status`. */
export type FieldErrors = Readonly<Record<string, string>>;

export function fieldErrorsOf(error: unknown): FieldErrors {
  const located = errorsOf(error).flatMap(({ message, extensions }) => {
    const field: unknown = extensions?.["field"];
    return Array.isArray(field) ? [[field.join("."), sentence(message)] as const] : [];
  });
  return Object.fromEntries(located);
}

/** The first message about what is at the path or below it. */
export function errorAt(errors: FieldErrors, path: string) {
  const found = Object.keys(errors).find((field) => field === path || field.startsWith(`${path}.`));
  return found === undefined ? undefined : errors[found];
}

function errorsOf(error: unknown) {
  return CombinedGraphQLErrors.is(error) ? error.errors : [];
}

function sentence(message: string) {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
