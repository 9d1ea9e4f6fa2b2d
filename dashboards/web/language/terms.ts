import type { IncidentSummary, Role, Stage } from '../../../messages/index.ts';
import type { Dictionary } from './dictionary.ts';

export const incidentKind = (words: Dictionary, kind: IncidentSummary['kind']): string =>
  ({
    crash: words.kindCrash,
    'single-vehicle': words.kindSingle,
    ecall: words.kindEcall,
    breakdown: words.kindBreakdown,
    'near-miss': words.kindNearMiss,
  })[kind];

export const incidentState = (words: Dictionary, state: IncidentSummary['state']): string =>
  ({
    suspected: words.stateSuspected,
    probable: words.stateProbable,
    confirmed: words.stateConfirmed,
    cleared: words.stateCleared,
    rejected: words.stateRejected,
  })[state];

export const incidentSeverity = (words: Dictionary, severity: IncidentSummary['severity']): string =>
  ({
    unknown: words.severityUnknown,
    damage: words.severityDamage,
    'injury-possible': words.severityPossible,
    'injury-likely': words.severityLikely,
  })[severity];

export const stageName = (words: Dictionary, stage: Stage): string =>
  [words.stageNone, words.stageAdvisory, words.stageWarning, words.stageImminent][stage] ?? words.stageNone;

export const roleName = (words: Dictionary, role: Role | 'citizen'): string =>
  ({
    citizen: words.roleCitizen,
    driver: words.roleDriver,
    police: words.rolePolice,
    insurer: words.roleInsurer,
    dispatcher: words.roleDispatcher,
    traffic_manager: words.roleManager,
    operator: words.roleOperator,
  })[role];

/** One line on what the role sees. */
export const roleView = (words: Dictionary, role: Role | 'citizen'): string =>
  ({
    citizen: words.seesCitizen,
    driver: words.seesDriver,
    police: words.seesPolice,
    insurer: words.seesInsurer,
    dispatcher: words.seesDispatcher,
    traffic_manager: words.seesManager,
    operator: words.seesOperator,
  })[role];
