// The status of an association, changed in place.

import { including } from "./statuses";
import { useChangeStatus, type Association } from "./useChangeStatus";

interface Props {
  association: Association;
  label: string;
}

export function StatusSelect({ association, label }: Props) {
  const { changeTo, isChanging } = useChangeStatus(association);
  const { status } = association.edge;
  return (
    <select
      className="status"
      aria-label={label}
      // Not disabled, which would take the focus away.
      aria-disabled={isChanging}
      data-status={status}
      value={status}
      onChange={(event) => isChanging || void changeTo(event.target.value)}
    >
      {including(status).map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}
