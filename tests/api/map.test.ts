import { gunzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { PbfReader } from 'pbf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiUnderTest, type UnderTest } from './fixtures/api-under-test.ts';
import { at, originLat, originLon } from './fixtures/city.ts';

let tested: UnderTest;
beforeAll(async () => {
  tested = await apiUnderTest();
});
afterAll(() => tested.api.close());

/** Tile that holds a place, by the formula of the OpenStreetMap wiki ("Slippy map tilenames"). */
function tileOf(z: number, { lat, lon }: { lat: number; lon: number }): string {
  const phi = (lat * Math.PI) / 180;
  const x = Math.floor(((lon + 180) / 360) * 2 ** z);
  const y = Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * 2 ** z);
  return `${z}/${x}/${y}`;
}
const get = (url: string, headers: Record<string, string> = {}) => tested.api.app.inject({ url, headers });
async function layersOf(tile: string) {
  const answer = await get(`/tiles/${tile}.mvt`, { 'accept-encoding': 'gzip' });
  expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([200, 'gzip']);
  return { layers: new VectorTile(new PbfReader(gunzipSync(answer.rawPayload))).layers, answer };
}

describe('a tile', () => {
  const tile = tileOf(14, { lat: originLat, lon: originLon });
  const [z, x, y] = tile.split('/').map(Number);

  it('holds the roads that cross it: feature id is the edge, both directions of a street are there, junction movements are not', async () => {
    const { layers } = await layersOf(tile);
    const roads = Array.from({ length: layers.roads.length }, (_, i) => layers.roads.feature(i));
    expect(roads.map(({ id }) => id).sort()).toEqual([0, 1, 2]);
    const azadi = roads.find(({ id }) => id === 2);
    expect(azadi?.properties).toMatchObject({ class: 'residential', name: 'Azadi St', oneway: true, level: 0 });
    expect(roads.find(({ id }) => id === 0)?.properties).toMatchObject({
      class: 'primary',
      name: 'خیابان ولی‌عصر',
      oneway: false,
    });
  });

  it('has them where they are, within a quarter of a tile unit of the source', async () => {
    const { layers } = await layersOf(tile);
    const azadi = Array.from({ length: layers.roads.length }, (_, i) => layers.roads.feature(i)).find(
      ({ id }) => id === 2,
    );
    const { geometry } = azadi?.toGeoJSON(x, y, z) ?? {};
    const [[lon, lat]] = geometry?.type === 'LineString' ? geometry.coordinates : [[0, 0]];
    const unit = 360 / 2 ** 14 / 4096;
    expect(Math.abs(lon - originLon)).toBeLessThan(unit);
    expect(Math.abs(lat - originLat)).toBeLessThan(unit);
  });

  it('holds the facilities in it', async () => {
    const { layers } = await layersOf(tileOf(16, at(100, 50)));
    expect(layers.facilities.feature(0).properties).toMatchObject({ kind: 'hospital', name: 'Milad Hospital' });
  });

  it('is not sent again to whoever has it', async () => {
    const { answer } = await layersOf(tile);
    const again = await get(`/tiles/${tile}.mvt`, { 'if-none-match': String(answer.headers.etag) });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  });

  it('is sent plain to whoever cannot unpack', async () => {
    const { answer } = await layersOf(tile);
    for (const encoding of ['', 'identity', 'gzip;q=0']) {
      const plain = await get(`/tiles/${tile}.mvt`, { 'accept-encoding': encoding });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(plain.rawPayload.equals(gunzipSync(answer.rawPayload))).toBe(true);
    }
  });

  it('is 204 where nothing lies, and a problem where there is no such tile', async () => {
    expect((await get('/tiles/14/0/0.mvt')).statusCode).toBe(204);
    expect((await get('/tiles/2/4/0.mvt')).json().code).toBe('not-found');
    for (const wrong of ['17/0/0', '-1/0/0', 'a/0/0', '1.5/0/0', '3/99999999999/0', '1e1/0/0'])
      expect((await get(`/tiles/${wrong}.mvt`)).statusCode).toBeGreaterThanOrEqual(400);
  });
});

describe('the style', () => {
  it.each(['light', 'dark'])('%s names our own server only, with absolute addresses', async (theme) => {
    const answer = await get(`/style.json?theme=${theme}`, { host: 'city.example:8080' });
    const addresses = answer.body.match(/[a-z]+:\/\/[^"]*/g) ?? [];
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) expect(address).toMatch(/^http:\/\/city\.example:8080\//);
    const style = answer.json();
    const font = new URL(style['font-faces']['Vazirmatn Regular'][0].url).pathname;
    const woff = await get(font);
    expect([woff.statusCode, woff.rawPayload.subarray(0, 4).toString()]).toEqual([200, 'wOF2']);
  });
});

describe('the style of both themes', () => {
  it.each(['light', 'dark'])('%s is what the style specification allows', async (theme) => {
    const style = (await get(`/style.json?theme=${theme}`)).json();
    expect(validateStyleMin(style).map(({ message }) => message)).toEqual([]);
  });
});

describe('a search for places', () => {
  const names = async (q: string) =>
    (await get(`/api/v1/places?q=${encodeURIComponent(q)}`)).json().items.map(({ name }: { name: string }) => name);

  it.each([
    ['with its joiner', 'ولی‌عصر'],
    ['with a space', 'ولی عصر'],
    ['in one word', 'ولیعصر'],
    ['with Arabic letters', 'ولي‌عصر'],
    ['with vowel signs and a tatweel', 'وَلی‌عصـر'],
  ])('finds a Persian street written %s', async (_how, q) => {
    expect(await names(q)).toEqual(['خیابان ولی‌عصر']);
  });

  it('finds Latin names whatever the case, and facilities in both scripts', async () => {
    expect(await names('AZADI')).toEqual(['Azadi St']);
    expect(await names('milad')).toEqual(['Milad Hospital']);
    expect(await names('میلاد')).toEqual(['بیمارستان میلاد']);
  });

  it.each(['101', '۱۰۱', '١٠١'])('finds a number written %s', async (q) => {
    expect(await names(q)).toEqual(['کلانتری ۱۰۱']);
  });

  it('finds nothing for signs alone', async () => {
    expect(await names('%()*')).toEqual([]);
  });
});

describe('traffic', () => {
  it('is given by segment, with its line when asked, and for the city with the share that was measured', async () => {
    const [segment] = (await get('/api/v1/traffic/segments?geometry=true')).json().items;
    expect(segment).toMatchObject({ segmentId: 0, jamFactor: 7.6, geometry: { type: 'LineString' } });
    expect(segment.geometry.coordinates).toHaveLength(3);
    const city = (await get('/api/v1/traffic/city')).json();
    expect(city).toMatchObject({ index: 7.6, travelTimeRatio: 300 / 72, currentSpeed: 12, coverage: 1, measured: 1 });
    expect(city.worst.map(({ segmentId }: { segmentId: number }) => segmentId)).toEqual([0]);
  });
});
