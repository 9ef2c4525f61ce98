// A value once it has stayed the same for a while.

import { useEffect, useState } from "react";

export function useDebounced<Value>(value: Value, milliseconds: number) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
