// One sentence about what just happened, shown on every page and read out by screen readers.

import { createContext, use, useCallback, useEffect, useState, type ReactNode } from "react";

interface Notice {
  tone: "good" | "bad";
  text: string;
}

type Notify = (tone: Notice["tone"], text: string) => void;

const NotifyContext = createContext<Notify>(() => {});

export function useNotify() {
  return use(NotifyContext);
}

export function NoticeProvider({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<Notice>();
  const notify = useCallback<Notify>((tone, text) => setNotice({ tone, text }), []);

  // Good news may go unread.
  useEffect(() => {
    if (notice?.tone !== "good") return;
    const timer = setTimeout(() => setNotice(undefined), 6000);
    return () => clearTimeout(timer);
  }, [notice]);

  return (
    <NotifyContext value={notify}>
      {children}
      <div className="notices" role="status">
        {notice && (
          <p className="notice" data-tone={notice.tone}>
            {notice.text}
            <button type="button" className="quiet" aria-label="Dismiss" onClick={() => setNotice(undefined)}>
              ✕
            </button>
          </p>
        )}
      </div>
    </NotifyContext>
  );
}
