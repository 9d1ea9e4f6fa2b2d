const idPattern = /^[A-Za-z0-9_.:-]{1,64}$/;
const suffixPattern = /^[A-Za-z0-9_.-]{1,64}$/;
const prefixPattern = /^[A-Za-z0-9_.:-]{1,48}$/;

/**
 * Whether a vehicle id or principal is 1..64 characters of `[A-Za-z0-9_.:-]`. Names that every JavaScript object inherits
 * (`__proto__`, `constructor`, …) are refused, so that no keyed store downstream can be surprised by them.
 */
export function isSafeId(id: string): boolean {
  return idPattern.test(id) && !(id in Object.prototype);
}

/** Whether a gateway's prefix is 1..48 characters of the same set. */
export function isSafePrefix(prefix: string): boolean {
  return prefixPattern.test(prefix);
}

/**
 * The client id belongs to the credential: it is the principal itself, or `principal/suffix` with 1..64 characters of
 * `[A-Za-z0-9_.-]` for several connections of one credential. A principal holds no `/`, so no id belongs to two of them.
 */
export function clientIdBelongsTo(principal: string, clientId: string): boolean {
  if (clientId === principal) return true;
  const cut = principal.length;
  return clientId.startsWith(principal) && clientId[cut] === '/' && suffixPattern.test(clientId.slice(cut + 1));
}
