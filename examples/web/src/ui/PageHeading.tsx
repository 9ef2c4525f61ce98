// A page's heading, which takes the focus when somebody comes to the page.

import { useEffect, useRef, type ReactNode } from "react";

export function PageHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1} className="page-heading">
      {children}
    </h2>
  );
}
