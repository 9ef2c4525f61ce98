// Statuses that are offered. A status is any text, so there may be others.

export const statuses = ["active", "invited", "paused", "expired", "declined", "blocked"];

export function including(status: string) {
  return statuses.includes(status) ? statuses : [...statuses, status];
}
