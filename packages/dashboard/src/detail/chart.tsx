import 'uplot/dist/uPlot.min.css';
import { formatHashrate } from '@headframe/model';
import { useEffect, useRef, useState } from 'react';
import type UPlot from 'uplot';
import { curveOf } from '../data/history.ts';
import { rateUnit } from '../data/units.ts';
import { TEXTS } from '../texts.ts';
import classes from './detail.module.css';
import { Section } from './section.tsx';

const HEIGHT = 170;
/** Between two times on the axis, s. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/**
 * The hashrate since the page was opened; where the machine did not answer, the line is broken.
 * @param version changes when a reading was added
 */
export function HashrateChart({ id, version }: { id: string; version: number | null }) {
  const place = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<UPlot | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let end = () => {};
    let isWanted = true;
    // The chart library does not load where the browser's own language has no valid name (Linux without a locale).
    import('uplot').then(
      ({ default: Plot }) => {
        if (!isWanted) return;
        const chart = new Plot(optionsFor(id, element), dataOf(id), element);
        const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
        observer.observe(element);
        setPlot(chart);
        end = () => {
          observer.disconnect();
          chart.destroy();
        };
      },
      () => setFailed(true),
    );
    return () => {
      isWanted = false;
      setPlot(null);
      end();
    };
  }, [id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new reading of the same curve
  useEffect(() => plot?.setData(dataOf(id)), [plot, id, version]);

  const { times, hashrates } = curveOf(id);
  const last = hashrates.at(-1) ?? null;
  return (
    <Section title={`${TEXTS.sections.chart} ${TEXTS.since}`} wide>
      {failed ? <p className={classes.missing}>{TEXTS.chartFailed}</p> : null}
      {times.length < 2 ? <p className={classes.missing}>{TEXTS.chartWaiting}</p> : null}
      <div ref={place} className={classes.chart} role="img" aria-label={formatHashrate(last)} />
    </Section>
  );
}

function dataOf(id: string): UPlot.AlignedData {
  const { times, hashrates } = curveOf(id);
  return [[...times], [...hashrates]];
}

function optionsFor(id: string, element: HTMLElement): UPlot.Options {
  const style = getComputedStyle(element);
  const ink = () => style.getPropertyValue('color');
  const line = () => style.getPropertyValue('border-top-color');
  const grid = { stroke: line, width: 1 };
  const axis = { stroke: ink, grid, ticks: { show: false }, font: `13px ${style.fontFamily}` };
  // The axis starts at zero: a small wobble should look like one.
  const range = (_: UPlot, __: number, most: number): [number, number] => [0, most > 0 ? most * 1.15 : 1];
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range } },
    axes: [
      { ...axis, space: 90, size: 28, incrs: TIME_STEPS, values: (_, times) => times.map(clock) },
      {
        ...axis,
        size: 84,
        values: (_, rates) => {
          const unit = rateUnit([...rates, ...curveOf(id).hashrates]);
          return rates.map((rate) => `${+(rate / unit.factor).toPrecision(4)} ${unit.name}`);
        },
      },
    ],
    series: [
      {},
      {
        stroke: () => style.getPropertyValue('--chart-line'),
        width: 2,
        points: { show: (_: UPlot, __: number) => curveOf(id).times.length < 40, size: 5 },
        spanGaps: false,
      },
    ],
  };
}

const clock = (time: number): string =>
  new Date(time * 1000).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
