/** An answer that is not 2xx (RFC 9457 problem document), or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  /** Machine-readable code of the problem, '' when there is none. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

export interface Authorization {
  /** Bearer token, or undefined for a citizen. */
  token(): string | undefined;
  /** Called once after a 401; resolves true when a new token is there. */
  renew(): Promise<boolean>;
}

export interface HttpClient {
  json<T>(path: string, init?: RequestInit): Promise<T>;
  text(path: string, init?: RequestInit): Promise<string>;
}

/** Client of one origin. Throws ApiError for every failure but an abort, which passes through as the DOMException it is. */
export function createHttpClient(authorization: Authorization): HttpClient {
  async function request(path: string, init: RequestInit, mayRenew: boolean): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = authorization.token();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    let response: Response;
    try {
      response = await fetch(path, { ...init, headers });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiError(0, 'unreachable', 'The platform does not answer');
    }
    if (response.ok) return response;
    if (response.status === 401 && mayRenew && (await authorization.renew())) return request(path, init, false);
    throw await problemOf(response);
  }

  return {
    json: async <T>(path: string, init: RequestInit = {}) => (await request(path, init, true)).json() as Promise<T>,
    text: async (path, init = {}) => (await request(path, init, true)).text(),
  };
}

/** Reads a problem document; anything else becomes a problem with the HTTP status only. */
export async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const field = (name: string): string => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return new ApiError(response.status, field('code') || field('type'), field('detail') || field('title'));
}
