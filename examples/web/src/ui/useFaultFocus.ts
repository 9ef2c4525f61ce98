// Takes the focus to the first faulty field of a form when the server has refused it.

import { useEffect, useRef } from "react";

export function useFaultFocus(error: unknown) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);
  return form;
}
