import { Button } from 'react-aria-components';
import { useLanguage } from '../language/language.tsx';
import { useNow } from '../language/now.ts';
import { stationTypeName } from '../language/station-types.ts';
import { stageName } from '../language/terms.ts';
import { staleSeconds } from '../live/vehicle-tracks.ts';
import { Glyph } from '../shell/glyph.tsx';
import { toolGlyphs } from '../shell/glyphs.ts';
import { usePlatform } from '../shell/platform.tsx';
import styles from './vehicle-card.module.css';

/** The vehicle that was clicked, as last heard. */
export function VehicleCard({ vehicleId, onClose }: { readonly vehicleId: string; readonly onClose: () => void }) {
  const { words, formats } = useLanguage();
  const { live } = usePlatform();
  const now = useNow();
  const track = live.vehicles.get(vehicleId);
  const age = track === undefined ? undefined : Math.max(0, (now - track.trueAtMs) / 1000);
  return (
    <section className={styles.card} aria-label={words.vehicle}>
      <header>
        <strong>{track === undefined ? words.vehicle : words.stationTypes[stationTypeName(track.stationType)]}</strong>
        <bdi dir="ltr">{vehicleId}</bdi>
        <Button className="button plain square" aria-label={words.close} onPress={onClose}>
          <Glyph path={toolGlyphs.close} size={18} />
        </Button>
      </header>
      <dl>
        <dt>{words.speed}</dt>
        <dd>{track === undefined ? words.notKnown : formats.speed(track.speed * 3.6)}</dd>
        <dt>{words.heading}</dt>
        <dd>{track === undefined ? words.notKnown : formats.compass(track.headingDeg)}</dd>
        <dt>{words.lastHeard}</dt>
        <dd data-stale={age === undefined || age > staleSeconds}>
          {age === undefined ? words.notKnown : formats.age(age)}
        </dd>
        <dt>{words.stageLabel}</dt>
        <dd data-stage={track?.stage ?? 0}>{stageName(words, track?.stage ?? 0)}</dd>
      </dl>
    </section>
  );
}
