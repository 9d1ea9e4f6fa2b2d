export { boxContactTime, boxesOverlap, lastContactEnd } from './swept-boxes.ts';
