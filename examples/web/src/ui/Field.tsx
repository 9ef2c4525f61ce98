// A labelled text field with the fault that the server found in it.

import { useId, type InputHTMLAttributes } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  error?: string | undefined;
}

export function Field({ label, error, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} autoComplete="off" {...input} {...faulty(id, error)} />
      <FieldError id={id} error={error} />
    </div>
  );
}

/** The attributes of an input that tell assistive technology about its fault. */
export function faulty(id: string, error: string | undefined) {
  return error === undefined ? {} : { "aria-invalid": true, "aria-describedby": `${id}-error` };
}

export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  return (
    error !== undefined && (
      <p id={`${id}-error`} className="field-error">
        {error}
      </p>
    )
  );
}
