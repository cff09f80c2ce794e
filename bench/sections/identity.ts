import { type Judged, judge } from '../identity/judge.ts';
import { firstKeyDecides, witnessDecides } from '../identity/rules.ts';
import { makeTenant, type TenantKind } from '../identity/tenant.ts';
import type { Figure, Say, Section } from '../section-lines.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

const tenants: Record<TenantKind, string> = {
  office: 'an office',
  bare: 'companies with nothing but a name',
  surnames: 'people without first names',
  housing: 'a housing association',
  fillers: '20 % fillers',
};

/** Whose company it is: what the rule says, beside the truth of made-up tenants. The worst of ten seeds counts. */
export function measureIdentity(say: Say): Section {
  return {
    title: 'Whose company it is, the worst of ten made-up tenants of each kind',
    comparedWith: 'the first key that finds a company decides',
    figures: (['office', 'bare', 'surnames', 'housing', 'fillers'] as const).flatMap((kind) =>
      measure(kind, say),
    ),
    notes: [
      'A tenant: 5,250 folders of 5,000 customers, 1,525 companies, some 1,750 links to find.',
      'Left to a person: nothing but the name can be compared, or father and son.',
    ],
  };
}

function measure(kind: TenantKind, say: Say): Figure[] {
  say(`identity: ${tenants[kind]}`);
  const measured: Judged[] = [];
  const compared: Judged[] = [];
  for (const seed of seeds) {
    const tenant = makeTenant(seed, kind);
    measured.push(judge(tenant, witnessDecides));
    compared.push(judge(tenant, firstKeyDecides));
  }
  const share = (of: 'right' | 'twice') => (one: Judged) => (100 * one[of]) / one.links;
  const worst = (figure: (one: Judged) => number, pick: (...values: number[]) => number) => ({
    measured: pick(...measured.map(figure)),
    compared: pick(...compared.map(figure)),
  });
  const isGoal = kind === 'office';
  return [
    {
      what: `${tenants[kind]}: links right`,
      unit: '%',
      ...worst(share('right'), Math.min),
      ...(isGoal ? { target: { atLeast: 98 } } : {}),
    },
    {
      what: '  linked to another customer',
      unit: 'folders',
      ...worst(({ wrong }) => wrong, Math.max),
      target: { atMost: 0 },
    },
    {
      what: '  made twice',
      unit: '%',
      ...worst(share('twice'), Math.max),
      target: { atMost: 0.3 },
    },
    {
      what: '  left to a person',
      unit: 'folders',
      ...worst(({ person, needless }) => person + needless, Math.max),
    },
  ];
}
