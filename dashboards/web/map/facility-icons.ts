import type { Map as LibreMap } from 'maplibre-gl';
import type { Palette } from './palette.ts';

const size = 44;

/** Draws the little round signs of hospitals, police, fire stations and ambulance bases into the map's image store. */
export function addFacilityIcons(map: LibreMap, palette: Palette): void {
  const kinds: Readonly<Record<string, (pen: CanvasRenderingContext2D) => void>> = {
    hospital: cross,
    police: shield,
    fire_station: flame,
    ambulance_station: star,
  };
  for (const [kind, draw] of Object.entries(kinds)) {
    for (const spelling of [kind, kind.replace('_', '-'), kind === 'ambulance_station' ? 'ambulance-base' : kind]) {
      const id = `facility-${spelling}`;
      if (map.hasImage(id)) map.removeImage(id);
      map.addImage(id, sign(palette, draw), { pixelRatio: 2 });
    }
  }
}

function sign(palette: Palette, draw: (pen: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = palette.facility;
  pen.strokeStyle = palette.labelHalo;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - 3, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.fillStyle = palette.labelHalo;
  pen.strokeStyle = palette.labelHalo;
  pen.lineWidth = 4;
  draw(pen);
  return pen.getImageData(0, 0, size, size);
}

function cross(pen: CanvasRenderingContext2D): void {
  pen.fillRect(19, 11, 6, 22);
  pen.fillRect(11, 19, 22, 6);
}

function shield(pen: CanvasRenderingContext2D): void {
  pen.beginPath();
  pen.moveTo(22, 10);
  pen.lineTo(32, 14);
  pen.lineTo(31, 23);
  pen.quadraticCurveTo(29, 31, 22, 34);
  pen.quadraticCurveTo(15, 31, 13, 23);
  pen.lineTo(12, 14);
  pen.closePath();
  pen.fill();
}

function flame(pen: CanvasRenderingContext2D): void {
  pen.beginPath();
  pen.moveTo(23, 9);
  pen.bezierCurveTo(24, 16, 32, 18, 31, 26);
  pen.bezierCurveTo(30, 35, 14, 35, 13, 26);
  pen.bezierCurveTo(13, 21, 17, 19, 18, 15);
  pen.bezierCurveTo(20, 18, 20, 18, 21, 20);
  pen.bezierCurveTo(23, 17, 24, 13, 23, 9);
  pen.fill();
}

function star(pen: CanvasRenderingContext2D): void {
  for (let turn = 0; turn < 3; turn += 1) {
    pen.beginPath();
    const angle = (turn * Math.PI) / 3 + Math.PI / 2;
    pen.moveTo(22 - 11 * Math.cos(angle), 22 - 11 * Math.sin(angle));
    pen.lineTo(22 + 11 * Math.cos(angle), 22 + 11 * Math.sin(angle));
    pen.stroke();
  }
}
