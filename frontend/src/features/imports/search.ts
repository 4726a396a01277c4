export const STEPS = ["upload", "match", "preview"] as const;
export type Step = (typeof STEPS)[number];

/** Where in the wizard one is: with which file, once there is one. */
export interface WizardSearch {
  import?: string;
  step?: "preview";
}

export function readWizardSearch(search: Record<string, unknown>): WizardSearch {
  const id = typeof search.import === "string" && search.import ? { import: search.import } : {};
  return { ...id, ...(search.step === "preview" && id.import ? { step: "preview" } : {}) };
}

export const stepOf = ({ import: id, step }: WizardSearch): Step => (id ? (step ?? "match") : "upload");
