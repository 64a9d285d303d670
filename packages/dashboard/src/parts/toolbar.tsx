import { Button, Kbd, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { isSick, SHOWS, type Show } from '../data/filter.ts';
import type { FleetView } from '../data/fleet-view.ts';
import { TEXTS } from '../texts.ts';
import classes from './toolbar.module.css';

export interface ToolbarProps {
  readonly view: FleetView;
  readonly search: string;
  readonly show: Show;
  readonly shown: number;
  readonly onSearch: (search: string) => void;
  readonly onShow: (show: Show) => void;
  /** Back to the sick first; null while that is the order. */
  readonly onSickFirst: (() => void) | null;
}

export function Toolbar({ view, search, show, shown, onSearch, onShow, onSickFirst }: ToolbarProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => focusOnSlash(input), []);
  const rows = [...view.rows.values()];
  const counts: Record<Show, number> = {
    all: rows.length,
    sick: rows.filter(isSick).length,
    mining: view.totals.byState.mining,
    silent: rows.length - view.totals.byLink.ok,
  };
  return (
    <div className={classes.toolbar}>
      <TextInput
        ref={input}
        className={classes.search ?? ''}
        type="search"
        aria-label={TEXTS.search}
        placeholder={TEXTS.searchHint}
        value={search}
        rightSection={search === '' ? <Kbd size="xs">/</Kbd> : null}
        onChange={(event) => onSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onSearch('');
        }}
      />
      <SegmentedControl
        value={show}
        onChange={(value) => onShow(value as Show)}
        data={SHOWS.map((value) => ({ value, label: `${TEXTS.show[value]} ${counts[value]}` }))}
      />
      <span className={classes.shown}>{TEXTS.shown(shown, rows.length)}</span>
      {onSickFirst === null ? null : (
        <Button className={classes.sort ?? ''} variant="default" onClick={onSickFirst}>
          {TEXTS.sickFirst}
        </Button>
      )}
    </div>
  );
}

/** A slash anywhere but in a text field goes to the search. */
function focusOnSlash(input: React.RefObject<HTMLInputElement | null>): () => void {
  const onKey = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    input.current?.focus();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
