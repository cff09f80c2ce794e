import { fieldsOfKind } from '../../mapping/match-keys.ts';
import { compareWitnesses, type Verdict, type Witness } from '../../mapping/witness.ts';
import { type Bearer, bearersMax } from '../../state/match-index.ts';

/** The companies that one of a folder's keys proposes. */
export type Proposal = {
  /** As in `match`, e.g. `name+postalCode`. */
  kind: string;
  bearers: readonly Bearer[];
};

export type Candidate = { companyId: string; by: string } & Pick<Verdict, 'agree' | 'differ' | 'witness'>;

export type Decision =
  | ({ kind: 'adopt' } & Candidate)
  /** `contradicted`: what a key proposed, and is another customer. `shared`: kinds of keys that propose nothing. */
  | { kind: 'create'; contradicted: Candidate[]; shared: string[] }
  /** A company that a key proposes cannot be read now. */
  | { kind: 'wait' }
  /** A person has to choose, because several agree, or no second field decides. */
  | { kind: 'person'; candidates: Candidate[]; why: 'several' | 'no-witness' };

/**
 * A key proposes, a witness decides: an equal value in one field never makes two records one. The marker needs none.
 * A value whose bearers contradict each other is shared, as a filler, a landlord's number and one's own are: it proposes
 * nothing, and is no witness.
 * @param isDenied whether a person decided that the company is not this folder's
 */
export function decide(
  folder: Witness,
  proposals: readonly Proposal[],
  isDenied: (companyId: string) => boolean = () => false,
): Decision {
  const marked = proposals
    .filter(({ kind }) => kind === 'marker')
    .flatMap(({ bearers }) => bearers.filter(({ companyId }) => !isDenied(companyId)));
  const [only, ...others] = distinct(
    marked.map(({ companyId }) => ({ companyId, by: 'marker', agree: [], differ: [] })),
  );
  if (only !== undefined)
    return others.length === 0
      ? { kind: 'adopt', ...only }
      : { kind: 'person', candidates: [only, ...others], why: 'several' };

  const shared = proposals.filter(isShared);
  const unheard = shared.map(({ kind }) => kind);
  const judged = proposals
    .filter(({ kind }) => kind !== 'marker')
    .flatMap((proposal) =>
      proposal.bearers.flatMap(({ companyId, witness }) => {
        if (companyId === '' || isDenied(companyId)) return [];
        const { kind } = proposal;
        const fields = fieldsOfKind(kind);
        const { is, ...verdict } = compareWitnesses(folder, witness, fields, unheard);
        // A value that others have too still proposes the one of that name who lives in that house.
        const isNeighbour = verdict.agree.includes('name') && verdict.agree.includes('street');
        const isHeard =
          !shared.includes(proposal) || (is === 'agrees' && (fields.includes('name') || isNeighbour));
        return isHeard ? [{ is, candidate: { companyId, by: kind, ...verdict } }] : [];
      }),
    );
  const those = (is: Verdict['is']) =>
    distinct(judged.flatMap((one) => (one.is === is ? [one.candidate] : [])));
  if (those('unknown').length > 0) return { kind: 'wait' };
  const agreeing = bestOf(those('agrees'));
  const [best] = agreeing;
  if (best !== undefined)
    return agreeing.length === 1
      ? { kind: 'adopt', ...best }
      : { kind: 'person', candidates: agreeing, why: 'several' };
  const open = those('open');
  if (open.length > 0) return { kind: 'person', candidates: open, why: 'no-witness' };
  return { kind: 'create', contradicted: those('contradicts'), shared: shared.map(({ kind }) => kind) };
}

/** Whether two bearers of the value contradict each other, or it has more of them than the index keeps. */
export function isShared({ kind, bearers }: Proposal): boolean {
  if (kind === 'marker') return false;
  const fields = fieldsOfKind(kind);
  const contradicts = (one: Bearer, other: Bearer) =>
    (one.companyId === '' || one.companyId !== other.companyId) &&
    compareWitnesses(one.witness, other.witness, fields).is === 'contradicts';
  return (
    bearers.length >= bearersMax ||
    bearers.some((one, index) => bearers.slice(index + 1).some((other) => contradicts(one, other)))
  );
}

/** Those with which most fields agree. */
function bestOf(candidates: readonly Candidate[]): Candidate[] {
  const most = Math.max(...candidates.map(({ agree }) => agree.length));
  return candidates.filter(({ agree }) => agree.length === most);
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ companyId }) => !seen.has(companyId) && seen.add(companyId));
}
