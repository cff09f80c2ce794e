/**
 * Every kind of fault, with the rates that a seed may draw for it: per effect, per request, per record, or per tick,
 * whichever it strikes.
 */
export const faultRates = {
  // Lambda: at any effect, before it, in flight, or after it was applied.
  crash: [0.002, 0.01, 0.03],
  throw: [0.002, 0.01, 0.03],
  freeze: [0.002, 0.02, 0.1],
  'cold-start': [0.2, 0.6],
  'tick-twice': [0.1, 0.5],
  'tick-skipped': [0.1, 0.5],
  'tick-late': [0.1, 0.5],
  // DynamoDB
  'table-throttled': [0.002, 0.02],
  'table-answer-lost': [0.01, 0.1],
  'table-slow': [0.01, 0.2],
  'table-lag': [0.2, 1],
  'table-unprocessed': [0.05, 0.3],
  'table-short-page': [0.05, 0.2],
  // SQS
  'queue-refuses-entry': [0.05, 0.4],
  'queue-answer-lost': [0.02, 0.2],
  'queue-throttled': [0.02, 0.1],
  'message-twice': [0.05, 0.4],
  'message-late': [0.05, 0.3],
  'message-reordered': [0.2, 1],
  'message-not-deleted': [0.05, 0.3],
  'queue-purged': [0.5, 1],
  'visibility-short': [1],
  'message-unreadable': [0.5, 1],
  // Clavus
  'clavus-down': [0.02, 0.2],
  'clavus-slow': [0.02, 0.2],
  'clavus-refuses-key': [0.5, 1],
  'clavus-empty': [0.05, 0.3],
  'clavus-short-page': [0.05, 0.3],
  'clavus-order-shifts': [1],
  'clavus-overlooks-filter': [1],
  'clavus-edit-undated': [0.1, 0.5],
  'prospect-unreachable': [0.05, 0.3],
  'prospect-refused': [0.05, 0.3],
  'prospect-answer-lost': [0.05, 0.3],
  'prospect-late': [0.05, 0.3],
  // Moovago
  'moovago-unreachable': [0.05, 0.3],
  'moovago-429': [0.05, 0.3],
  'moovago-5xx-before': [0.05, 0.3],
  'moovago-5xx-after': [0.05, 0.3],
  'moovago-answer-lost': [0.05, 0.3],
  'moovago-late': [0.05, 0.4],
  'moovago-slow': [0.1, 0.5],
  'moovago-refuses-key': [0.5, 1],
  'moovago-refuses-value': [0.5, 1],
  'alias-rejected': [0.02, 0.2],
  'alias-rejected-but-applied': [0.02, 0.2],
  'alias-unknown': [0.02, 0.2],
  'alias-unknown-but-applied': [0.02, 0.2],
  'list-lag': [0.5, 1],
  'list-fails': [0.1, 0.6],
  'moovago-down': [0.5, 1],
  // The reps in Moovago
  'rep-company': [0.3, 0.8],
  'rep-company-twice': [0.1, 0.4],
  'rep-makes-company': [0.1, 0.5],
  'rep-edits': [0.3, 1],
  'rep-erases-marker': [0.1, 0.5],
  'rep-deletes': [0.1, 0.5],
  // Operators
  'poll-named': [0.1, 0.5],
  'poll-taken-over': [0.1, 0.5],
  'dead-letters-moved-back': [0.5, 1],
  'table-lost': [0.5, 1],
  'table-rewound': [0.5, 1],
  'row-of-newer-code': [0.3, 1],
  'person-decides': [0.5, 1],
  // At the wire: answers over HTTP, in seeds whose real clients read them
  'alias-throttled': [0.1, 0.5],
  'alias-throttled-but-applied': [0.1, 0.5],
  'wire-throttled': [0.1, 0.4],
  'wire-reset': [0.05, 0.3],
  'wire-passed-on': [0.05, 0.3],
  'wire-page': [0.05, 0.3],
  'wire-truncated': [0.05, 0.3],
  'wire-bad-bytes': [0.05, 0.3],
  'odd-company': [0.1, 0.5],
  'list-cut': [0.1, 0.5],
  'other-team': [0.2, 0.6],
  'members-vanish': [0.5, 1],
  'users-vanish': [0.5, 1],
  'folder-unreadable': [0.05, 0.3],
  'value-unreadable': [0.1, 0.5],
  'columns-remade': [1],
  'configuration-changes': [1],
  'rep-tidies': [1],
} as const satisfies Record<string, readonly [number, ...number[]]>;

export type FaultKind = keyof typeof faultRates;

/** Strikes only where the real clients stand between the connector and the fakes. */
export const isAtTheWire = (kind: FaultKind): boolean =>
  faultKinds.indexOf(kind) >= faultKinds.indexOf('alias-throttled');

export const isFaultKind = (text: string): text is FaultKind => Object.hasOwn(faultRates, text);

export const faultKinds: readonly FaultKind[] = Object.keys(faultRates).filter(isFaultKind);
