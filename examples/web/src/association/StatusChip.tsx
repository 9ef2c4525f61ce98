// A profile's name in the colour of the status that it is attached with.

export function StatusChip({ name, status }: { name: string; status: string }) {
  return (
    <span className="chip" data-status={status} title={status}>
      {name}
      <span className="visually-hidden"> ({status})</span>
    </span>
  );
}
