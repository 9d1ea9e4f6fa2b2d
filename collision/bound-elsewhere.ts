import type { Scene } from './scene.ts';

/** Ways are one for so far after they fork, m, and a track is a lane's within this part of its width. */
const parting = 6;
const laneShare = 0.25;
/** How much likelier one bound for a danger ahead is than another driver to go on as he does, and to brake by more than `braking`, m/s². */
const carelessRatio = 0.1;
const brakingRatio = 0.5;
const braking = 0.8;

/**
 * L15: whether the vehicle `slot`, whose path has just been built, is likelier to take another way or lane than that of `other`, `gap` m ahead and `apart` m
 * left of its track. An attentive driver bound for a danger there would act by now: one who does not is the likelier on another way.
 */
export function boundElsewhere(
  scene: Pick<Scene, 'tracks' | 'graph' | 'path'>,
  slot: number,
  other: number,
  gap: number,
  apart: number,
): boolean {
  const { tracks: t, graph, path } = scene;
  const edge = t.edge[other];
  let step = 0;
  while (step < path.length && path.edge[step] !== edge) step += 1;
  // On a sibling movement: the rear end stands where the ways fork.
  if (step === 0 || step === path.length) return false;
  let prior = 1;
  // Where the road widens a track may go on in either lane.
  const lanes = graph.edgeLanes[edge];
  if (lanes > graph.edgeLanes[path.edge[0]] && t.stated[other] === 0) {
    const off = (Math.abs(apart) * lanes) / graph.edgeWidth[edge];
    if (off > laneShare) prior = Math.max(0, 1 - off);
  }
  // Whoever came out of another approach does not stand where the ways fork.
  const came = t.previousEdge[other];
  if (came < 0 || came === path.edge[step - 1]) while (step > 0 && path.start[step] > gap - parting) step -= 1;
  prior *= path.pi[step];
  // Inside a junction another movement than the matched one may have been begun.
  if (step > 0 || gap - path.start[0] > parting) prior *= t.onMovement[slot];
  return prior * (t.a[slot] < -braking ? brakingRatio : carelessRatio) < 1 - prior;
}
