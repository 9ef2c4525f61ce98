// Finds a profile by a part of its name: a text field with a list, as in the WAI-ARIA pattern for comboboxes.

import { skipToken, useQuery } from "@apollo/client/react";
import { useId, useState, type KeyboardEvent } from "react";
import { graphql } from "../gql";
import { faulty, FieldError } from "../ui/Field";
import { useDebounced } from "../ui/useDebounced";

const ProfilesByName = graphql(`
  query ProfilesByName($name: String!) {
    profiles(first: 8, where: { name: { contains: $name, ignoreCase: true } }, orderBy: [{ name: ASC }]) {
      nodes {
        id
        name
      }
    }
  }
`);

interface Profile {
  id: string;
  name: string;
}

interface Props {
  picked: Profile | undefined;
  onPick: (profile: Profile | undefined) => void;
  error: string | undefined;
}

export function ProfilePicker({ picked, onPick, error }: Props) {
  const id = useId();
  const [text, setText] = useState(picked?.name ?? "");
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const name = useDebounced(text, 150);
  const { data, previousData } = useQuery(ProfilesByName, isOpen ? { variables: { name } } : skipToken);
  const profiles = (isOpen && (data ?? previousData)?.profiles.nodes) || [];
  const optionId = (index: number) => `${id}-${index}`;

  function type(typed: string) {
    setText(typed);
    setAt(0);
    setIsOpen(true);
    onPick(undefined);
  }

  function pick(profile: Profile) {
    setText(profile.name);
    setIsOpen(false);
    onPick(profile);
  }

  function onKeyDown(event: KeyboardEvent) {
    const chosen = profiles[at];
    if (event.key === "ArrowDown" && !isOpen) setIsOpen(true);
    else if (event.key === "ArrowDown") setAt(Math.min(at + 1, profiles.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter" && isOpen && chosen) pick(chosen);
    else if (event.key === "Escape" && isOpen) setIsOpen(false);
    else return;
    event.preventDefault();
  }

  return (
    <div className="field picker">
      <label htmlFor={id}>Profile</label>
      <input
        id={id}
        role="combobox"
        autoComplete="off"
        placeholder="Type to search"
        aria-expanded={profiles.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={profiles.length > 0 ? optionId(at) : undefined}
        value={text}
        onChange={(event) => type(event.target.value)}
        onClick={() => setIsOpen(true)}
        onKeyDown={onKeyDown}
        onBlur={() => setIsOpen(false)}
        {...faulty(id, error)}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Profiles" hidden={profiles.length === 0}>
        {profiles.map((profile, index) => (
          <li
            key={profile.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === at}
            // The pointer must not take the focus, or the list would close before it is clicked.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(profile)}
          >
            {profile.name}
          </li>
        ))}
      </ul>
      <FieldError id={id} error={error} />
    </div>
  );
}
