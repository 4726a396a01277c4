import { useState } from "react";
import type { Me } from "@/api/types";
import { CodeStep } from "./CodeStep";
import { PasswordStep } from "./PasswordStep";
import { useSignedIn } from "./signedIn";

/** A right password that is not enough: what would be (`totp`, `recovery_code`, `passkey`). */
export interface Claim {
  email: string;
  password: string;
  methods: string[];
}

interface Props {
  email?: string;
  onDone: (me: Me) => void;
}

/** Email and password, then a code where the account has a second factor; or a passkey alone. */
export function SignInForm({ email = "", onDone }: Props) {
  const [claim, setClaim] = useState<Claim | null>(null);
  const [known, setKnown] = useState(email);
  const entered = useSignedIn(onDone);
  const startOver = () => {
    setKnown(claim?.email ?? email);
    setClaim(null);
  };
  if (claim) return <CodeStep claim={claim} onDone={entered} onBack={startOver} />;
  return <PasswordStep email={known} onClaim={setClaim} onDone={entered} />;
}
