import { createContext, useContext, useSyncExternalStore } from 'react';
import type { HttpClient } from '../api/http.ts';
import type { SessionGrant } from '../api/types.ts';
import type { Live } from '../live/live.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Session } from '../session/session.ts';

/** The page's ways to the platform, made once in main.tsx. */
export interface Platform {
  readonly http: HttpClient;
  readonly session: Session;
  readonly live: Live;
}

const Context = createContext<Platform | undefined>(undefined);
export const PlatformProvider = Context.Provider;

export function usePlatform(): Platform {
  const platform = useContext(Context);
  if (platform === undefined) throw new Error('usePlatform needs a PlatformProvider above it');
  return platform;
}

export function useLive(): LiveState {
  const { live } = usePlatform();
  return useSyncExternalStore(live.subscribe, live.state);
}

export function useGrant(): SessionGrant | undefined {
  const { session } = usePlatform();
  return useSyncExternalStore(session.subscribe, session.grant);
}
