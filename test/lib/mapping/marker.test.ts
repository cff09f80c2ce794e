import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMarker, isMarkerAlone, markerFor, withMarker } from '../../../lib/mapping/marker.ts';

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '__proto__', ']', ':', '.0041', 'a:b'),
);

describe('markers', () => {
  it('look the same for ever, as companies carry them', () => {
    expect(markerFor('prod', 'clsc618zi01qbwjw3m1hw93ge')).toBe(
      '[clavus-moovago:prod:clsc618zi01qbwjw3m1hw93ge:bba2f3]',
    );
    expect(markerFor('prod', 'é 1')).toBe('[clavus-moovago:prod:.00e9.00201:77555c]');
  });

  it('are found in any note, whatever the stage and the folder are called', () => {
    fc.assert(
      fc.property(odd, odd, odd, odd, (stage, folderId, before, after) => {
        const marker = markerFor(stage, folderId);
        expect(marker).toMatch(/^\[[\w.:-]+\]$/);
        expect(findMarker(withMarker(before, marker))).toEqual({ stage, folderId });
        expect(findMarker(`${before} ${marker}${after}`)).toEqual({ stage, folderId });
      }),
      { numRuns: 1_000 },
    );
  });

  it('are different for different folders', () => {
    fc.assert(
      fc.property(odd, odd, (one, other) => {
        fc.pre(one !== other);
        expect(markerFor('prod', one)).not.toBe(markerFor('prod', other));
      }),
    );
  });

  it('of folder 12 are not those of folder 123', () => {
    expect(findMarker(markerFor('prod', '123'))).toEqual({ stage: 'prod', folderId: '123' });
    expect(markerFor('prod', '12').slice(0, -7)).toBe('[clavus-moovago:prod:12:');
    expect(markerFor('prod', '123')).not.toContain(':12:');
  });

  it('that somebody edited are none', () => {
    const marker = markerFor('prod', '123');
    expect(findMarker(marker.replace(':123:', ':124:'))).toBeUndefined();
    expect(findMarker(marker.replace('prod', 'dev'))).toBeUndefined();
    expect(findMarker(marker.slice(0, -1))).toBeUndefined();
    expect(findMarker('Rappeler mardi')).toBeUndefined();
  });

  it('stand for the last one of several that are valid', () => {
    const note = `${markerFor('prod', '1')}\n${markerFor('prod', '2')}\n[clavus-moovago:prod:3:000000]`;
    expect(findMarker(note)).toEqual({ stage: 'prod', folderId: '2' });
  });
});

describe('a note with its marker', () => {
  it('has it as its last line, once', () => {
    const marker = markerFor('prod', '1');
    expect(withMarker('Toit sud', marker)).toBe(`Toit sud\n${marker}`);
    expect(withMarker(`Toit sud\n${marker}`, marker)).toBe(`Toit sud\n${marker}`);
    expect(withMarker(`${markerFor('prod', '2')}\nToit sud`, marker)).toBe(`Toit sud\n${marker}`);
  });

  it('is the marker alone where there is no text', () => {
    const marker = markerFor('prod', '1');
    expect(withMarker('', marker)).toBe(marker);
    expect([marker, `Toit sud\n${marker}`, '', 'Toit sud'].map(isMarkerAlone)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
