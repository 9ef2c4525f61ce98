// The end of a list that goes on: loads the next page when it comes into view, or when it is pressed.

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { messageOf } from "../graphql/errors";
import { useNotify } from "./Notices";

export function MoreButton({ onMore }: { onMore: () => Promise<unknown> }) {
  const button = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<"ready" | "loading" | "failed">("ready");
  const notify = useNotify();

  async function load() {
    if (state === "loading") return;
    setState("loading");
    try {
      await onMore();
      setState("ready");
    } catch (error) {
      setState("failed");
      notify("bad", messageOf(error));
    }
  }

  const onSeen = useEffectEvent(() => void load());

  // Observed anew after each page: an observer tells of changes only, and the button may still be in view. After a
  // failure it waits to be pressed.
  useEffect(() => {
    if (state !== "ready" || !button.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(), {
      scrollMargin: "300px",
    });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [state]);

  return (
    <button ref={button} type="button" className="more" aria-disabled={state === "loading"} onClick={() => void load()}>
      {state === "loading" ? "Loading…" : "Show more"}
    </button>
  );
}
