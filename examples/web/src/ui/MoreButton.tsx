// The end of a list that goes on: loads the next page when it comes into view, or when it is pressed.

import { useEffect, useEffectEvent, useRef } from "react";

interface Props {
  loading: boolean;
  onMore: () => void;
}

export function MoreButton({ loading, onMore }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const onSeen = useEffectEvent(onMore);

  // Observed anew after each page: an observer tells of changes only, and the button may still be in view.
  useEffect(() => {
    if (loading || !button.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(), {
      scrollMargin: "300px",
    });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [loading]);

  return (
    <button ref={button} type="button" className="more" aria-disabled={loading} onClick={() => loading || onMore()}>
      {loading ? "Loading…" : "Show more"}
    </button>
  );
}
