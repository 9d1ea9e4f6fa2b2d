/** The platform cannot start, for a reason its operator can mend; the message says which and how. */
export class StartError extends Error {}

const portOptions: Readonly<Record<string, string>> = {
  http: 'RAHBAN_HTTP_PORT',
  mqtt: 'RAHBAN_MQTT_PORT',
  ws: 'RAHBAN_MQTT_WS_PORT',
  tls: 'RAHBAN_MQTT_TLS_PORT',
};

/** Says of a listening error which port is taken and which option chooses another. */
export function listenFailure(error: unknown, ports: Readonly<Record<string, number>>): Error {
  const message = error instanceof Error ? error.message : String(error);
  const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRNOTAVAIL') return new StartError(`${message}: RAHBAN_HOST must be an address of this machine`);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error instanceof Error ? error : new Error(message);
  const port = Number(/:(\d+)\s*$/.exec(message)?.[1] ?? Number.NaN);
  const name = Object.keys(ports).find((key) => ports[key] === port);
  const option = name === undefined ? Object.values(portOptions).join(', ') : portOptions[name];
  const why = code === 'EACCES' ? 'may not be opened by this user' : 'is taken by another program';
  return new StartError(
    `port ${Number.isNaN(port) ? `(${message})` : port} ${why}; choose another with ${option} (0 = a free one)`,
  );
}

/** The database did not open: its own words, and for one given by its URL the option that names it. */
export function databaseFailure(error: unknown, given: boolean): StartError {
  const message = error instanceof Error ? error.message : String(error);
  return new StartError(given ? `${message} (the server named by DATABASE_URL)` : message);
}
