import { useRef } from 'react';
import { Button, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { LonLat } from '../api/types.ts';
import { IncidentPanel } from '../incidents/incident-panel.tsx';
import type { Incidents } from '../incidents/use-incidents.ts';
import { useLanguage } from '../language/language.tsx';
import { RoutePanel } from '../route/route-panel.tsx';
import type { RouteSearch } from '../route/use-route-search.ts';
import { CityStrip } from '../traffic/city-strip.tsx';
import { TrafficPanel } from '../traffic/traffic-panel.tsx';
import { useCityTraffic } from '../traffic/use-city-traffic.ts';
import type { Tab as TabName } from './address.ts';
import { Glyph } from './glyph.tsx';
import { toolGlyphs } from './glyphs.ts';
import styles from './panel.module.css';

/** How far the panel is open on a phone. */
export type SheetSize = 'peek' | 'half' | 'full';

export interface PanelProps {
  readonly tab: TabName;
  readonly onTab: (tab: TabName) => void;
  readonly sheet: SheetSize;
  readonly onSheet: (size: SheetSize) => void;
  readonly incidents: Incidents;
  readonly incident: string | undefined;
  readonly onIncident: (trackingCode: string | undefined) => void;
  readonly route: RouteSearch;
  readonly onPlace: (point: LonLat) => void;
  readonly onPicking: () => void;
}

const sizes: readonly SheetSize[] = ['peek', 'half', 'full'];

/** Everything that is not the map: a column beside it, on phones a sheet under it. */
export function Panel(props: PanelProps) {
  const { words, formats } = useLanguage();
  const city = useCityTraffic();
  const dragStart = useRef<number>(undefined);
  const { sheet, onSheet } = props;
  const step = (by: 1 | -1) => {
    const next = sizes[sizes.indexOf(sheet) + by];
    if (next !== undefined) onSheet(next);
  };
  const open = props.incidents.list.filter((one) => one.state !== 'cleared' && one.state !== 'rejected').length;
  return (
    <aside className={styles.panel} data-sheet={sheet} aria-label={words.panelLabel}>
      <Button
        className={styles.handle!}
        aria-label={sheet === 'full' ? words.panelCollapse : words.panelExpand}
        aria-expanded={sheet !== 'peek'}
        onPress={() => onSheet(sheet === 'full' ? 'peek' : sheet === 'half' ? 'full' : 'half')}
      >
        <i />
      </Button>
      <div
        className={styles.grip}
        onPointerDown={(event) => {
          dragStart.current = event.clientY;
        }}
        onPointerUp={(event) => {
          const moved = event.clientY - (dragStart.current ?? event.clientY);
          dragStart.current = undefined;
          if (moved < -30) step(1);
          if (moved > 30) step(-1);
        }}
      >
        <CityStrip city={city} />
      </div>
      <Tabs
        className={styles.tabs!}
        selectedKey={props.tab}
        onSelectionChange={(key) => props.onTab(key === 'route' || key === 'traffic' ? key : 'incidents')}
      >
        <TabList
          className={styles.tabList!}
          aria-label={words.panelLabel}
          onClick={() => {
            if (sheet === 'peek') onSheet('half');
          }}
        >
          <Tab id="incidents" className={styles.tab!}>
            {words.tabIncidents}
            {open > 0 && <span className={styles.count}>{formats.whole(open)}</span>}
          </Tab>
          <Tab id="route" className={styles.tab!}>
            {words.tabRoute}
          </Tab>
          <Tab id="traffic" className={styles.tab!}>
            {words.tabTraffic}
          </Tab>
        </TabList>
        <TabPanel id="incidents" className={styles.body!}>
          <IncidentPanel
            incidents={props.incidents}
            selected={props.incident}
            onSelect={props.onIncident}
            onPlace={props.onPlace}
          />
        </TabPanel>
        <TabPanel id="route" className={styles.body!}>
          <RoutePanel search={props.route} onPicking={props.onPicking} onPlace={props.onPlace} />
        </TabPanel>
        <TabPanel id="traffic" className={styles.body!}>
          <TrafficPanel city={city} onPlace={props.onPlace} />
        </TabPanel>
      </Tabs>
      {sheet === 'full' && (
        <Button
          className={`button square ${styles.down}`}
          aria-label={words.panelCollapse}
          onPress={() => onSheet('peek')}
        >
          <Glyph path={toolGlyphs.close} />
        </Button>
      )}
    </aside>
  );
}
