// A profile's name in the colour of the status that it is attached with, and the status where it is no usual one.

export function StatusChip({ name, status }: { name: string; status: string }) {
  return (
    <span className="chip" data-status={status}>
      {name}
      <span className={status === "active" ? "visually-hidden" : undefined}> · {status}</span>
    </span>
  );
}
