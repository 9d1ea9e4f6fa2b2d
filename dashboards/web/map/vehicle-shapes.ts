/** Length and width in metres and the look of each station type; close up the shapes are to scale. */
const shapes: Readonly<Record<number, { readonly length: number; readonly width: number; readonly round: number }>> = {
  1: { length: 0.8, width: 0.8, round: 1 },
  2: { length: 1.9, width: 0.7, round: 1 },
  3: { length: 2, width: 0.8, round: 1 },
  4: { length: 2.2, width: 0.9, round: 1 },
  5: { length: 4.5, width: 1.9, round: 0.35 },
  6: { length: 12, width: 2.6, round: 0.15 },
  7: { length: 6.5, width: 2.2, round: 0.2 },
  8: { length: 12, width: 2.6, round: 0.15 },
  9: { length: 12, width: 2.6, round: 0.1 },
  10: { length: 6, width: 2.2, round: 0.25 },
  11: { length: 25, width: 2.6, round: 0.15 },
};
const unknownShape = { length: 4.5, width: 1.9, round: 0.5 };

/**
 * Draws one vehicle at the pen's origin, its front towards -y. Under zoom 17 it is an arrow of fixed size that can be told
 * apart by shape (long bus, broad emergency vehicle with a bar, slim two-wheeler); from there on a body to scale, the
 * reference position being the middle of the front bumper.
 */
export function drawVehicle(
  pen: CanvasRenderingContext2D,
  stationType: number,
  colour: string,
  edge: string,
  pixelsPerMetre: number,
  zoom: number,
): void {
  const shape = shapes[stationType] ?? unknownShape;
  pen.fillStyle = colour;
  pen.strokeStyle = edge;
  pen.lineWidth = 1.5;
  const toScale = shape.length * pixelsPerMetre;
  if (toScale > 20) {
    body(pen, shape.width * pixelsPerMetre, toScale, shape.round, edge);
    return;
  }
  const grow = Math.min(1, Math.max(0.62, (zoom - 11) / 5));
  arrow(pen, stationType, grow);
}

function body(pen: CanvasRenderingContext2D, width: number, length: number, round: number, edge: string): void {
  pen.beginPath();
  pen.roundRect(-width / 2, 0, width, length, (width / 2) * round);
  pen.fill();
  pen.stroke();
  pen.fillStyle = edge;
  pen.globalAlpha *= 0.75;
  pen.beginPath();
  pen.roundRect(-width * 0.38, length * 0.18, width * 0.76, Math.min(length * 0.2, width * 0.5), 2);
  pen.fill();
}

function arrow(pen: CanvasRenderingContext2D, stationType: number, grow: number): void {
  const slim = stationType >= 1 && stationType <= 4;
  const long = stationType === 6 || stationType === 8 || stationType === 9 || stationType === 11;
  const width = (slim ? 7 : stationType === 10 ? 13 : 11) * grow;
  const length = (slim ? 12 : long ? 22 : 16) * grow;
  const nose = Math.min(7 * grow, length * 0.45);
  pen.beginPath();
  pen.moveTo(0, -length / 2);
  pen.quadraticCurveTo(width / 2, -length / 2 + nose * 0.6, width / 2, -length / 2 + nose);
  pen.lineTo(width / 2, length / 2 - 1.5);
  pen.quadraticCurveTo(0, length / 2 - (long ? 0 : 3 * grow), -width / 2, length / 2 - 1.5);
  pen.lineTo(-width / 2, -length / 2 + nose);
  pen.quadraticCurveTo(-width / 2, -length / 2 + nose * 0.6, 0, -length / 2);
  pen.closePath();
  pen.fill();
  pen.stroke();
  if (stationType !== 10) return;
  pen.fillStyle = '#fff';
  pen.fillRect(-width / 2 + 2, -1.5, width - 4, 3);
}
