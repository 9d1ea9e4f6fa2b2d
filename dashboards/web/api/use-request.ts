import { useCallback, useEffect, useState } from 'react';
import { ApiError } from './http.ts';

export interface Requested<T> {
  /** The last answer; kept while a newer one is on its way. */
  readonly value: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Runs `load` now, again whenever its identity changes (memoise it), and on `reload`. A newer run aborts the older one.
 * `load` undefined: nothing is asked and there is no value.
 */
export function useRequest<T>(load: ((signal: AbortSignal) => Promise<T>) | undefined): Requested<T> {
  const [run, setRun] = useState(0);
  const [state, setState] = useState<Omit<Requested<T>, 'reload'>>({
    value: undefined,
    error: undefined,
    loading: load !== undefined,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` is the reload trigger
  useEffect(() => {
    if (load === undefined) {
      setState({ value: undefined, error: undefined, loading: false });
      return;
    }
    const controller = new AbortController();
    setState((before) => ({ ...before, error: undefined, loading: true }));
    load(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ value, error: undefined, loading: false });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, 'unexpected', String(error));
        setState((before) => ({ value: before.value, error: known, loading: false }));
      },
    );
    return () => controller.abort();
  }, [load, run]);

  const reload = useCallback(() => setRun((count) => count + 1), []);
  return { ...state, reload };
}
