export { type LoggedAlert, writeAlertLog } from './alert-log.ts';
export { evaluateRun, type RunOptions, type RunResult } from './evaluate-run.ts';
export { type Figures, figuresOf } from './figures.ts';
export type { Foreseen } from './foreseen.ts';
export { type RunInputs, withSiblings } from './run-inputs.ts';
export type { SensorOptions } from './sensor-model.ts';
export type { Judged, Verdict } from './verdict.ts';
