'use client';

import { useCallback, useState } from 'react';

interface Action {
  busy: boolean;
  /** What the last run threw. */
  error: unknown;
  /** Runs the work unless it runs already; true when it succeeded. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
}

/** Something that a button starts: whether it is under way, and how it failed. */
export function useAction(): Action {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({
    busy: false,
    error: null,
  });
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setState({ busy: true, error: null });
    try {
      await work();
    } catch (error) {
      setState({ busy: false, error });
      return false;
    }
    setState({ busy: false, error: null });
    return true;
  }, []);
  const clear = useCallback(() => setState({ busy: false, error: null }), []);
  return { ...state, run, clear };
}
