// Somebody's initials on a colour of their own.

import type { CSSProperties } from "react";

export function Avatar({ name }: { name: string }) {
  return (
    <span className="avatar" style={{ "--hue": hue(name) } as CSSProperties} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function initials(name: string) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0]);
  return letters.join("").toUpperCase();
}

function hue(name: string) {
  return [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
}
