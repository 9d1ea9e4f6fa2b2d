export { type HolderKind, holderKinds } from './access/holder.ts';
export { CredentialStore, type NewCredential } from './credentials/credential-store.ts';
export type { Credential } from './credentials/entry.ts';
export { createEmbeddedBroker } from './embedded/embedded-broker.ts';
export type { EmbeddedBrokerOptions, Listener, Rate } from './embedded/options.ts';
export { isSafeId } from './identifier.ts';
export type { BrokerLog } from './log.ts';
export * from './message-source.ts';
