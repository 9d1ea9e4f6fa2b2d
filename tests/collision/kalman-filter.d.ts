/** The part of the package that the tests use; it ships no types. */
declare module 'kalman-filter' {
  export class State {
    constructor(state: { mean: number[][]; covariance: number[][]; index?: number });
    mean: number[][];
    covariance: number[][];
  }
  export class KalmanFilter {
    constructor(model: {
      dynamic: {
        dimension: number;
        init: { mean: number[][]; covariance: number[][] };
        transition: number[][];
        covariance: number[][];
      };
      observation: { dimension: number; stateProjection: number[][]; covariance: number[][] };
    });
    predict(options: { previousCorrected: State }): State;
    correct(options: { predicted: State; observation: number[][] }): State;
  }
}
