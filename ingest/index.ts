export { BlackBox, type BlackBoxOptions, type RawMessage } from './black-box.ts';
export { Congestion, type CongestionOptions, type SegmentFilter } from './congestion/congestion.ts';
export type { CongestionRow, CongestionSink } from './congestion/congestion-row.ts';
export { type DropReason, dropReasons } from './drop-reasons.ts';
export { FleetRegistry, type FleetRegistryOptions, type SlotListener } from './fleet-registry.ts';
export type { FreshnessOptions } from './freshness/freshness.ts';
export { allocateMailbox, MailboxKind, MailboxReader, type MailboxVisitor, MailboxWriter } from './mailbox.ts';
export { type DoorMessage, Pipeline, type PipelineCounters, type PipelineParts } from './pipeline.ts';
