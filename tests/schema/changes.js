// What of a change of the schema breaks its users, and whether they are told.

import { ChangeType, CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

/** For graphql-inspector these are merely dangerous, but whoever left the value out gets something else. */
const defaults = [ChangeType.FieldArgumentDefaultChanged, ChangeType.InputFieldDefaultValueChanged];

/** The changes from the released schema that break what was written for it, and of which the changelog says nothing. */
export async function untold(released, current, changelog) {
  const told = breaking(changelog);
  const changes = await diff(buildSchema(released), buildSchema(current));
  return changes.filter(breaks).filter(({ path }) => !told.includes(`\`${path}\``));
}

function breaks({ type, criticality }) {
  return criticality.level === CriticalityLevel.Breaking || defaults.includes(type);
}

/** What stands under "Breaking" of what is unreleased. */
function breaking(changelog) {
  const unreleased = section(changelog, "## [Unreleased]", /^## /m);
  return section(unreleased, "### Breaking", /^### /m);
}

/** What stands below the heading, up to the next one that matches. */
function section(text, heading, next) {
  const [, rest = ""] = text.split(`\n${heading}\n`);
  return rest.split(next)[0];
}
