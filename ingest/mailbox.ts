/** Newest state per vehicle from the door's thread to the core's; how it works stands in mailbox/layout.ts. */
export { allocateMailbox, MailboxKind } from './mailbox/layout.ts';
export { MailboxReader, type MailboxVisitor } from './mailbox/reader.ts';
export { MailboxWriter } from './mailbox/writer.ts';
