// The fields of an association that is being written: the profile in one of three ways, and the status.

import { useId, type ReactNode } from "react";
import { errorAt, type FieldErrors } from "../graphql/errors";
import { ProfilePicker } from "../profile/ProfilePicker";
import { Field } from "../ui/Field";
import type { Draft, Way } from "./draft";
import { statuses } from "./statuses";

const ways: Record<Way, string> = {
  id: "existing profile",
  findOrCreate: "by name, new if there is none",
  create: "new profile",
};

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  errors: FieldErrors;
  /** Where the association stands in the input, as in `input.profiles.0`. */
  path: string;
  autoFocus?: boolean;
  children?: ReactNode;
}

export function DraftFields({ draft, onChange, errors, path, autoFocus = false, children }: Props) {
  const id = useId();
  const profileError = errorAt(errors, `${path}.node`);
  return (
    <div className="draft">
      <div className="field">
        <label htmlFor={`${id}-way`}>Profile is</label>
        <select
          id={`${id}-way`}
          autoFocus={autoFocus}
          value={draft.way}
          onChange={(event) => onChange({ ...draft, way: event.target.value as Way })}
        >
          {Object.entries(ways).map(([way, text]) => (
            <option key={way} value={way}>
              {text}
            </option>
          ))}
        </select>
      </div>
      {draft.way === "id" ? (
        <ProfilePicker
          key={draft.key}
          picked={draft.picked}
          onPick={(picked) => onChange({ ...draft, picked })}
          error={profileError && !draft.picked ? "Choose a profile from the list." : profileError}
        />
      ) : (
        <Field
          label="Profile’s name"
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
          error={profileError}
        />
      )}
      <Field
        label="Status"
        list={`${id}-statuses`}
        value={draft.status}
        onChange={(event) => onChange({ ...draft, status: event.target.value })}
        error={errorAt(errors, `${path}.status`)}
      />
      <datalist id={`${id}-statuses`}>
        {statuses.map((status) => (
          <option key={status} value={status} />
        ))}
      </datalist>
      {children}
    </div>
  );
}
