import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { signatureQuery } from "@/api/account";
import { SignatureForm } from "@/shared/signature/SignatureForm";
import { ErrorState } from "@/shared/states";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";

export function SignatureStep({ wizard, visited }: StepProps) {
  const { data, error, refetch } = useQuery(signatureQuery());
  if (!data) {
    return (
      <>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton h={300} />}
        <Footer wizard={wizard} onContinue={null} />
      </>
    );
  }
  // Most people want one: the first template is chosen for whoever has not chosen yet.
  const proposed = visited ? data : { ...data, kind: "template" as const, template: data.template ?? 1 };
  return (
    <SignatureForm signature={data.kind === "none" ? proposed : data} onSaved={() => wizard.leave("done")}>
      {({ pending }) => <Footer wizard={wizard} pending={pending} />}
    </SignatureForm>
  );
}
