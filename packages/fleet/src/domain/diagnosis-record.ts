import type { DiagnosisRecord, IncidentRecord } from '@headframe/api';
import { type Diagnosis, evidenceLines, type Incident, VERDICTS } from '@headframe/diagnosis';
import { type ConnectClass, seenValue } from '@headframe/model';

/** What a page and another collector need of a diagnosis: the lines, not the documents. */
export function diagnosisRecord({ examination, verdicts, ruledOut, ...rest }: Diagnosis): DiagnosisRecord {
  const classes = Object.entries(examination.ports).map(([port, look]) => [port, seenValue(look)] as const);
  return {
    ...rest,
    from: examination.from,
    to: examination.to,
    verdicts: verdicts.map(({ because, doubts, remedy, ...verdict }) => ({
      ...verdict,
      because: [...because],
      doubts: [...doubts],
      remedy: [...remedy],
    })),
    ruledOut: [...ruledOut],
    remarks: [...rest.remarks],
    notSeen: [...rest.notSeen],
    evidence: evidenceLines(examination).map((line) => ({ ...line })),
    ports: Object.fromEntries(classes.filter((one): one is [string, ConnectClass] => one[1] !== null)),
    answered: examination.api.some(({ value }) => value.outcome === 'answered'),
  };
}

/** @param idOf of the machine that a diagnosis is of */
export function incidentRecord(incident: Incident, idOf: (diagnosis: Diagnosis) => string): IncidentRecord {
  const { diagnoses, addresses, remedy, code, ...rest } = incident;
  return {
    ...rest,
    code,
    row: VERDICTS[code],
    addresses: [...addresses],
    remedy: [...remedy],
    machines: diagnoses.map((one) => ({ id: idOf(one), address: one.address })),
  };
}
